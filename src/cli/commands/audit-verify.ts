import type { Command } from 'commander';
import type { BundleOptions, VerifyLogOptions } from '../audit-verify.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../audit-verify.js');

/** `gatehouse audit verify` and `bundle` */
export function addAuditVerify(audit: Command, say: Say): void {
  leaf(audit, 'verify', 'verifies the logs, or a bundle of them; exit code 1 where they are not intact')
    .option('--bundle <file>', 'this bundle, with nothing else: no database, no secret')
    .option('--key <hex...>', 'public keys to trust; default the first one of the logs')
    .option(
      '--checkpoints <file>',
      'checkpoints that were kept elsewhere, one a line, as they were published',
    )
    .option('--findings <number>', 'how many findings to tell; all are counted; default 100')
    .action((options: VerifyLogOptions) => say(options, async () => (await work()).verifyLog(options)));
  leaf(audit, 'bundle', 'writes the logs and their evidence to a file, for whoever verifies them elsewhere')
    .requiredOption('--out <file>', 'a new file, which this user alone can read')
    .action((options: BundleOptions) => say(options, async () => (await work()).writeBundle(options)));
}
