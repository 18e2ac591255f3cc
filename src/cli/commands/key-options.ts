import type { Command } from 'commander';

/** What keys are looked for by: all that is given must fit. */
export function filterOptions(command: Command): Command {
  return command
    .option('--role <role>', 'with this role: a built-in one’s name, or an id')
    .option('--owner <id>', 'that this member answers for, mem_…')
    .option('--unused-since <time>', 'not used since this moment or day')
    .option('--unused-days <number>', 'not used for that many days')
    .option('--expiring-before <time>', 'active ones that end before this moment or day')
    .option('--rotation-due', 'active ones whose token is older than 90 days')
    .option('--search <text>', 'a part of the name or of a token’s preview');
}

/** When a key ends. */
export function expiryOptions(command: Command): Command {
  return command
    .option('--expires-in <length>', 'never, 30d, 60d, 90d or 1y, from now; a new key by default never ends')
    .option('--expires-at <time>', 'or a moment, e.g. 2027-01-31T00:00:00Z');
}
