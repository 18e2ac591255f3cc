import type { Command } from 'commander';
import type { EraseOptions, ListErasuresOptions } from '../audit-erasures.js';
import type { PurgeOptions } from '../audit-purge.js';
import { leaf, type Say } from './leaf.js';

const erasures = () => import('../audit-erasures.js');

/** `gatehouse audit purge`, `erase` and `erasures`: what leaves the logs, and on whose word. */
export function addRetention(audit: Command, say: Say): void {
  leaf(audit, 'purge', 'drops the days that are older than the retention, as the server does once a day')
    .option('--dry-run', 'tell what would be dropped, and drop nothing')
    .action((options: PurgeOptions) =>
      say(options, async () => (await import('../audit-purge.js')).purgeLogs(options)),
    );
  leaf(audit, 'erase', 'erases personal data from the logs; what proves their rows stands')
    .option('--member <id>', 'what this member asked for, and what the change log has of the member, mem_…')
    .option('--key <id>', 'what was asked for with this key, key_…')
    .option('--address <ip>', 'what came from this address')
    .option('--before <date>', 'rows of before this moment or day alone')
    .requiredOption('--reason <text>', 'why; kept with the record')
    .option('--organization <id>', 'in the rows of this organization alone, org_…')
    .option('--yes', 'do not ask')
    .action((options: EraseOptions) =>
      say(options, async () => (await erasures()).erasePersonalData(options)),
    );
  leaf(audit, 'erasures', 'lists the erasures, newest first')
    .option('--organization <id>', 'those of this organization alone, org_…')
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'erasures on a page, at most 100', '20')
    .action((options: ListErasuresOptions) =>
      say(options, async () => (await erasures()).listErasures(options)),
    );
}
