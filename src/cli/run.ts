import { CommanderError } from 'commander';
import type { Answer, CommonOptions } from './answer.js';
import type { Failure } from './errors.js';
import { createProgram } from './program.js';

/** Where a command's words and its exit code go: the process, or whoever runs commands in one of its own. */
export interface Outlet {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

/**
 * Runs one command. Answers go to standard output, failures as one line to standard error, with exit code 1.
 * @param args without the program's own name
 */
export async function runCommandLine(args: readonly string[], outlet: Outlet = process): Promise<void> {
  // Needed before the arguments are understood: also what is wrong with them is told as JSON.
  const json = args.includes('--json');
  const program = createProgram((options, work) => answer(outlet, options, work), {
    writeOut: (text) => outlet.stdout.write(text),
    writeErr: json ? () => undefined : (text) => outlet.stderr.write(text),
    outputError: sayFault,
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      const { describeFailure } = await import('./errors.js');
      return fail(outlet, describeFailure(error), json);
    }
    if (error.exitCode === 0) return;
    outlet.exitCode = error.exitCode;
    // Without --json commander has said it already.
    if (json) fail(outlet, { code: 'USAGE', message: usageFault(error) }, json);
  }
}

/** Commander's faults in the form of ours. */
function sayFault(fault: string, write: (text: string) => void): void {
  write(fault.replace(/^error: /, 'gatehouse: '));
}

function usageFault({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'A command is missing: see --help.' : message.replace(/^error: /, '');
}

async function answer(outlet: Outlet, options: CommonOptions, work: () => Promise<Answer>): Promise<void> {
  const { document, text, failed } = await work();
  outlet.stdout.write(`${options.json ? JSON.stringify(document) : text}\n`);
  if (failed) outlet.exitCode = 1;
}

function fail(outlet: Outlet, failure: Failure, json: boolean): void {
  outlet.stderr.write(`${json ? JSON.stringify({ error: failure }) : `gatehouse: ${failure.message}`}\n`);
  outlet.exitCode = 1;
}
