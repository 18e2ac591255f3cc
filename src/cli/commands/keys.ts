import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { KeyFieldOptions } from '../key-options.js';
import type { CreateKeyOptions, ListKeysOptions } from '../keys.js';
import { addBulkKeys } from './bulk-keys.js';
import { expiryOptions, filterOptions } from './key-options.js';
import { collect, leaf, type Say } from './leaf.js';
import { addKeyUsage } from './usage.js';

const work = () => import('../keys.js');

/** `gatehouse keys …` */
export function addKeys(program: Command, say: Say): void {
  const keys = program.command('keys').description('the keys of all stores');
  addMaking(keys, say);
  addLooking(keys, say);
  addEnding(keys, say);
  addBulkKeys(keys, say);
}

function addMaking(keys: Command, say: Say): void {
  const create = leaf(keys, 'create', 'makes a key and prints its token, once')
    .requiredOption('--name <name>', 'what the key is for')
    .option('--role <role>', 'read-only, read-write, analyst, compliance, admin, or the id of a role')
    .option('--permissions <json>', `narrows the role: '{"content":"read"}'; alone: narrows read-write`)
    .option('--store <id>', 'the store, sto_…; default the first live store')
    .option('--sandbox', 'for the sandbox of that store: a test key');
  expiryOptions(create)
    .option('--ip <network>', 'where it may be used from, CIDR v4 or v6; may be repeated', collect)
    .option('--owner <id>', 'the member who answers for it, mem_…')
    .option('--hour-limit <requests>', 'requests an hour, for this key alone')
    .option('--day-limit <requests>', 'requests a day, for this key alone')
    .option('--metadata <name=value>', 'a text of your own; may be repeated', collect)
    .action((options: CreateKeyOptions) => say(options, async () => (await work()).createKey(options)));

  const update = leaf(keys, 'update', 'changes a key; its token still works')
    .argument('<id>', 'the key, key_…')
    .option('--name <name>', 'another name')
    .option('--role <role>', 'another role')
    .option('--permissions <json>', 'another narrowing, whole; null removes it');
  expiryOptions(update)
    .option('--ip <network>', 'where it may be used from, instead of before; may be repeated', collect)
    .option('--no-ip', 'from anywhere')
    .option('--owner <id>', 'another member who answers for it, mem_…')
    .option('--no-owner', 'nobody')
    .option('--hour-limit <requests>', 'requests an hour, for this key alone')
    .option('--no-hour-limit', 'as many as its organization or sandbox')
    .option('--day-limit <requests>', 'requests a day, for this key alone')
    .option('--no-day-limit', 'as many as its organization or sandbox')
    .option('--metadata <name=value>', 'your texts, instead of those before; may be repeated', collect)
    .action((id: string, options: KeyFieldOptions) =>
      say(options, async () => (await work()).updateKey(id, options)),
    );
  leaf(keys, 'rotate', 'gives a key a new token and prints it, once')
    .argument('<id>', 'the key, key_…')
    .option('--grace <seconds>', 'how long the old token still works, at most 604800; default 0')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).rotateKey(id, options)),
    );
}

function addLooking(keys: Command, say: Say): void {
  const list = leaf(keys, 'list', 'lists keys, newest first')
    .option('--store <id>', 'of this store alone, sto_…')
    .option('--status <status>', 'active, revoked or expired');
  filterOptions(list)
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'keys on a page, at most 100', '100')
    .action((options: ListKeysOptions) => say(options, async () => (await work()).listKeys(options)));
  leaf(keys, 'show', 'shows a key: what it may do, who answers for it, who uses it')
    .argument('<id>', 'the key, key_…')
    .action((id: string, options: CommonOptions) => say(options, async () => (await work()).showKey(id)));
  addKeyUsage(keys, say);
}

function addEnding(keys: Command, say: Say): void {
  leaf(keys, 'revoke', 'ends a key, for good and at once')
    .argument('<id>', 'the key, key_…')
    .option('--reason <text>', 'unused, compromised, superseded, left, or your words; kept with the key')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).revokeKey(id, options)),
    );
  leaf(keys, 'delete', 'removes the record of a key; an active one stops working')
    .argument('<id>', 'the key, key_…')
    .option('--yes', 'do not ask')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).deleteKey(id, options)),
    );
  leaf(keys, 'least-privilege', 'tells what a key used of what it may do, and which role would have served')
    .argument('<id>', 'the key, key_…')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await import('../least-privilege.js')).leastPrivilege(id)),
    );
}
