import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { CheckpointsOptions } from '../audit-checkpoints.js';
import { leaf, type Say } from './leaf.js';

const checkpoints = () => import('../audit-checkpoints.js');

/** `gatehouse audit checkpoints` and `keys` */
export function addAuditProofs(audit: Command, say: Say): void {
  leaf(audit, 'checkpoints', 'lists the checkpoints of the logs, newest first, and where they were published')
    .option('--limit <number>', 'most of them, at most 100; default 20')
    .option('--cursor <cursor>', 'where to go on')
    .action((options: CheckpointsOptions) =>
      say(options, async () => (await checkpoints()).listCheckpoints(options)),
    );
  leaf(audit, 'keys', 'lists the public keys that sign the logs, newest first').action(
    (options: CommonOptions) => say(options, async () => (await checkpoints()).listSigningKeys()),
  );
}
