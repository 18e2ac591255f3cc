import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ProgramOptions } from './program.js';
import { until } from './until.js';

export interface ProgramEvent {
  event: 'ready' | 'failed' | 'closed' | 'stopped' | 'exited';
  host: string;
  port: number;
  user: string;
  password: string;
  pid: number;
  logFile: string;
  dataDir: string;
  code: number | null;
  name: string;
  message: string;
}

/** A running `program.ts`. */
export interface Program {
  child: ChildProcess;
  pid: number;
  events: ProgramEvent[];
  exited: Promise<number | null>;
  /** Waits for an event; throws when it does not come, or the start failed instead. */
  on(event: ProgramEvent['event']): Promise<ProgramEvent>;
}

/** Starts the program of a checkout, in that checkout, in a process group of its own. */
export function run(program: string, options: ProgramOptions, cwd?: string): Program {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: ProgramEvent[] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    events.push(JSON.parse(line) as ProgramEvent),
  );
  return {
    child,
    pid: child.pid ?? 0,
    events,
    exited: new Promise((resolve) => child.once('close', resolve)),
    on: async (name) => {
      const found = await until(
        () => events.find(({ event }) => event === name || event === 'failed'),
        () => `the event "${name}", got ${JSON.stringify(events)}`,
      );
      if (found.event !== name) throw new Error(found.message);
      return found;
    },
  };
}
