import { CommanderError } from 'commander';
import type { Answer, CommonOptions } from './answer.js';
import type { Failure } from './errors.js';
import { createProgram } from './program.js';

/**
 * Runs one command. Answers go to standard output, failures as one line to standard error, with exit code 1.
 * @param args without the program's own name
 */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  // Needed before the arguments are understood: also what is wrong with them is told as JSON.
  const json = args.includes('--json');
  const program = createProgram(answer, json ? { writeErr: () => undefined } : { outputError: sayFault });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      const { describeFailure } = await import('./errors.js');
      return fail(describeFailure(error), json);
    }
    if (error.exitCode === 0) return;
    process.exitCode = error.exitCode;
    // Without --json commander has said it already.
    if (json) fail({ code: 'USAGE', message: usageFault(error) }, json);
  }
}

/** Commander's faults in the form of ours. */
function sayFault(fault: string, write: (text: string) => void): void {
  write(fault.replace(/^error: /, 'gatehouse: '));
}

function usageFault({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'A command is missing: see --help.' : message.replace(/^error: /, '');
}

async function answer(options: CommonOptions, work: () => Promise<Answer>): Promise<void> {
  const { document, text, failed } = await work();
  process.stdout.write(`${options.json ? JSON.stringify(document) : text}\n`);
  if (failed) process.exitCode = 1;
}

function fail(failure: Failure, json: boolean): void {
  process.stderr.write(`${json ? JSON.stringify({ error: failure }) : `gatehouse: ${failure.message}`}\n`);
  process.exitCode = 1;
}
