import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { CheckpointsOptions } from '../audit-checkpoints.js';
import type { ProofOptions } from '../audit-proof.js';
import { leaf, type Say } from './leaf.js';

const checkpoints = () => import('../audit-checkpoints.js');
const proof = () => import('../audit-proof.js');

/** `gatehouse audit checkpoints`, `keys`, `rotate-key` and `proof` */
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
  leaf(audit, 'rotate-key', 'makes the next key that signs the logs, endorsed by the one before it').action(
    (options: CommonOptions) => say(options, async () => (await checkpoints()).rotateSigningKey()),
  );
  leaf(
    audit,
    'proof',
    'proves that a request or a change is in the log, to whoever has the public keys alone',
  )
    .argument('<id>', 'the request, req_…, or the change, chg_…')
    .option('--row <number>', 'of a request: 0, its own row; 1, 2 …, those that close it; default 0')
    .option('--checkpoint <number>', 'against this checkpoint; default the first that covers it')
    .option('--out <file>', 'write it to this new file')
    .option('--verify', 'check it; exit code 1 where it does not prove the row')
    .option('--key <hex...>', 'with --verify: public keys to trust; default the first one of the logs')
    .option('--checkpoints <file>', 'with --verify: checkpoints that were kept elsewhere, one a line')
    .action((id: string, options: ProofOptions) =>
      say(options, async () => (await proof()).proveRow(id, options)),
    );
}
