import { Command, type OutputConfiguration } from 'commander';
import type { Answer, CommonOptions } from './answer.js';
import type { CreateKeyOptions, ListKeysOptions } from './keys.js';

// A command's own code is loaded when it runs: help and a mistyped option need none of the application.
const keyCommands = () => import('./keys.js');

/** Runs a command and says what it answers. */
type Say = (options: CommonOptions, work: () => Promise<Answer>) => Promise<void>;

/**
 * The command line as a whole: what there is, with its options. Throws a CommanderError instead of ending the process.
 * @param output where commander's own words go
 */
export function createProgram(say: Say, output: OutputConfiguration): Command {
  // Set before there are commands: they inherit it when they are made.
  const program = new Command('gatehouse').exitOverride().configureOutput(output);
  program.description('Runs and repairs a Gatehouse installation, over its database.');
  addKeys(program.command('keys').description('the keys of all stores'), say);
  addRest(program, say);
  return program;
}

function addKeys(keys: Command, say: Say): void {
  leaf(keys, 'create', 'makes a key and prints its token, once')
    .requiredOption('--name <name>', 'what the key is for')
    .option('--role <role>', 'read-only, read-write, analyst, compliance, admin, or the id of a role')
    .option('--permissions <json>', `narrows the role: '{"content":"read"}'; alone: narrows read-write`)
    .option('--store <id>', 'the store, sto_…; default the first live store')
    .option('--sandbox', 'for the sandbox of that store: a test key')
    .option('--expires-in <length>', 'never (default), 30d, 60d, 90d or 1y')
    .option('--expires-at <time>', 'or a moment, e.g. 2027-01-31T00:00:00Z')
    .option('--ip <network>', 'where it may be used from, CIDR v4 or v6; may be repeated', collect)
    .action((options: CreateKeyOptions) =>
      say(options, async () => (await keyCommands()).createKey(options)),
    );
  leaf(keys, 'list', 'lists keys, newest first')
    .option('--store <id>', 'of this store alone, sto_…')
    .option('--status <status>', 'active, revoked or expired')
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'keys on a page, at most 100', '100')
    .action((options: ListKeysOptions) => say(options, async () => (await keyCommands()).listKeys(options)));
  leaf(keys, 'rotate', 'gives a key a new token and prints it, once')
    .argument('<id>', 'the key, key_…')
    .option('--grace <seconds>', 'how long the old token still works, at most 604800; default 0')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await keyCommands()).rotateKey(id, options)),
    );
  leaf(keys, 'revoke', 'ends a key, for good and at once')
    .argument('<id>', 'the key, key_…')
    .option('--reason <text>', 'why; kept with the key and in the change log')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await keyCommands()).revokeKey(id, options)),
    );
  leaf(keys, 'delete', 'removes the record of a key; an active one stops working')
    .argument('<id>', 'the key, key_…')
    .option('--yes', 'do not ask')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await keyCommands()).deleteKey(id, options)),
    );
}

function addRest(program: Command, say: Say): void {
  leaf(
    program.command('roles').description('the roles that keys can have'),
    'list',
    'lists them with what they grant',
  ).action((options: CommonOptions) => say(options, async () => (await import('./roles.js')).listRoles()));
  leaf(program, 'migrate', 'brings the database to this version, as its owner').action(
    (options: CommonOptions) => say(options, async () => (await import('./migrate.js')).migrateDatabase()),
  );
  leaf(
    program.command('admin').description('the people who sign in'),
    'reset-password',
    'gives a member a new password',
  )
    .argument('<email>', 'the address they sign in with')
    .option(
      '--password-stdin',
      'read the password from standard input, 12 to 72 bytes; default: made and printed',
    )
    .action((email: string, options: CommonOptions) =>
      say(options, async () => (await import('./reset-password.js')).resetPassword(email, options)),
    );
  leaf(program, 'doctor', 'checks the installation; exit code 1 where something must be mended').action(
    (options: CommonOptions) => say(options, async () => (await import('./doctor/doctor.js')).doctor()),
  );
}

/** A command that does something; every one can answer with JSON. */
function leaf(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).option('--json', 'print one JSON document');
}

const collect = (value: string, previous: string[] = []): string[] => [...previous, value];
