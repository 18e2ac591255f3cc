import type { Command } from 'commander';
import type { PurgeOptions } from '../audit-purge.js';
import { leaf, type Say } from './leaf.js';

/** `gatehouse audit purge`: what leaves the logs, and on whose word. */
export function addRetention(audit: Command, say: Say): void {
  leaf(audit, 'purge', 'drops the days that are older than the retention, as the server does once a day')
    .option('--dry-run', 'tell what would be dropped, and drop nothing')
    .action((options: PurgeOptions) =>
      say(options, async () => (await import('../audit-purge.js')).purgeLogs(options)),
    );
}
