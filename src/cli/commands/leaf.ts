import type { Command } from 'commander';
import type { Answer, CommonOptions } from '../answer.js';

/** Runs a command and says what it answers. */
export type Say = (options: CommonOptions, work: () => Promise<Answer>) => Promise<void>;

/** A command that does something; every one can answer with JSON. */
export function leaf(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).option('--json', 'print one JSON document');
}

/** Collects an option that may be repeated; false is what its `--no-…` has left. */
export const collect = (value: string, previous: string[] | false = []): string[] => [
  ...(previous || []),
  value,
];
