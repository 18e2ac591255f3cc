import type { Command } from 'commander';
import type { BulkOptions } from '../bulk-keys.js';
import { expiryOptions, filterOptions } from './key-options.js';
import { collect, leaf, type Say } from './leaf.js';

const work = () => import('../bulk-keys.js');

/** `gatehouse keys bulk-…`: many keys of one store at once. */
export function addBulkKeys(keys: Command, say: Say): void {
  bulk(keys, 'bulk-revoke', 'ends all active keys that fit, for good and at once')
    .option('--reason <text>', 'unused, compromised, superseded, left, or your words; kept with the keys')
    .action((options: BulkOptions) => say(options, async () => (await work()).bulkRevokeKeys(options)));
  bulk(keys, 'bulk-rotate', 'gives all active keys that fit a new token and prints each, once')
    .option('--grace <seconds>', 'how long the old tokens still work, at most 604800; default 0')
    .action((options: BulkOptions) => say(options, async () => (await work()).bulkRotateKeys(options)));
  expiryOptions(bulk(keys, 'bulk-extend', 'gives all active keys that fit a later end')).action(
    (options: BulkOptions) => say(options, async () => (await work()).bulkExtendKeys(options)),
  );
}

function bulk(keys: Command, name: string, description: string): Command {
  const command = leaf(keys, name, `${description}; at most 200, the oldest first`)
    .requiredOption('--store <id>', 'the store, sto_…')
    .option('--id <id>', 'this key; may be repeated', collect);
  return filterOptions(command)
    .option('--dry-run', 'change nothing, say what would happen')
    .option('--yes', 'do not ask');
}
