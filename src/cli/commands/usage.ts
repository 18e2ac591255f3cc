import type { Command } from 'commander';
import type { UsageOptions, UsageRangeOptions } from '../usage.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../usage.js');

/** `gatehouse usage` */
export function addUsage(program: Command, say: Say): void {
  const usage = leaf(program, 'usage', 'tells what is used of a quota, when, and by which stores and keys')
    .option('--organization <id>', 'of this organization, org_…; default the only one there is')
    .option('--store <id>', 'of this store alone, sto_…; a sandbox has a quota of its own')
    .option('--limit <number>', 'how many keys, at most 100; default 20');
  rangeOptions(usage).action((options: UsageOptions) =>
    say(options, async () => (await work()).showUsage(options)),
  );
}

/** `gatehouse keys usage` */
export function addKeyUsage(keys: Command, say: Say): void {
  const usage = leaf(keys, 'usage', 'tells what a key uses, a deleted one too').argument(
    '<id>',
    'the key, key_…',
  );
  rangeOptions(usage).action((id: string, options: UsageRangeOptions) =>
    say(options, async () => (await work()).showKeyUsage(id, options)),
  );
}

function rangeOptions(command: Command): Command {
  return command
    .option('--from <time>', 'from this moment or day on; default 90 days ago, of hours 7 days ago')
    .option('--to <time>', 'up to this moment, or to the end of this day; default now')
    .option('--granularity <step>', 'day or hour; default day');
}
