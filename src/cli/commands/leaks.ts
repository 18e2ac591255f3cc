import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { ListLeaksOptions, ReportLeaksOptions } from '../leaks.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../leaks.js');

/** `gatehouse leaks …` and `gatehouse tokens …` */
export function addLeaks(program: Command, say: Say): void {
  const leaks = program.command('leaks').description('tokens that were found where everybody can read them');
  leaf(leaks, 'list', 'lists the reports of them, newest first')
    .option('--store <id>', 'of this store alone, sto_…')
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'reports on a page, at most 100', '100')
    .action((options: ListLeaksOptions) => say(options, async () => (await work()).listLeaks(options)));
  leaf(leaks, 'report', 'reports tokens that it reads from standard input, one a line')
    .option('--url <address>', 'where they were found')
    .option('--source <text>', 'what they were found in, e.g. commit')
    .action((options: ReportLeaksOptions) => say(options, async () => (await work()).reportLeaks(options)));
  const tokens = program.command('tokens').description('tokens that somebody has');
  leaf(tokens, 'format', 'tells what tokens look like, for whoever looks for them').action(
    (options: CommonOptions) =>
      say(options, async () => (await import('../catalogues.js')).tellTokenFormat()),
  );
  leaf(tokens, 'check', 'reads a token from standard input and tells whose it is, without using it').action(
    (options: CommonOptions) => say(options, async () => (await work()).checkToken()),
  );
}
