import { createInterface } from 'node:readline/promises';
import { CommandError } from './errors.js';

/**
 * Asks the person at the terminal, on standard error.
 * @param json a program reads the answer: nobody can be asked
 * @throws CommandError where the answer is no, or there is nobody to ask
 */
export async function confirm(question: string, json: boolean | undefined): Promise<void> {
  if (json || !process.stdin.isTTY) {
    throw new CommandError('CONFIRMATION_REQUIRED', 'There is nobody to ask: say --yes to go ahead.');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D close the terminal and leave the question unanswered: that is a no.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('CANCELLED', 'Nothing was changed.');
  } finally {
    terminal.close();
  }
}
