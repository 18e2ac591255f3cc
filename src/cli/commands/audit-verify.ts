import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { VerificationOptions } from '../audit-verifications.js';
import type { BundleOptions, VerifyLogOptions } from '../audit-verify.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../audit-verify.js');
const verifications = () => import('../audit-verifications.js');

/** `gatehouse audit verify`, `bundle` and `verifications …` */
export function addAuditVerify(audit: Command, say: Say): void {
  leaf(audit, 'verify', 'verifies the logs, or a bundle of them; exit code 1 where they are not intact')
    .option('--bundle <file>', 'this bundle, with nothing else: no database, no secret')
    .option('--key <hex...>', 'public keys to trust; default the first one of the logs')
    .option(
      '--checkpoints <file>',
      'checkpoints that were kept elsewhere, one a line, as they were published',
    )
    .option('--from <time>', 'rows that were sealed from this day or moment on; of all others the headers')
    .option('--to <time>', 'rows that were sealed up to this day or moment')
    .option('--findings <number>', 'how many findings to tell; all are counted; default 100')
    .action((options: VerifyLogOptions) => say(options, async () => (await work()).verifyLog(options)));
  leaf(audit, 'bundle', 'writes the logs and their evidence to a file, for whoever verifies them elsewhere')
    .requiredOption('--out <file>', 'a new file, which this user alone can read')
    .action((options: BundleOptions) => say(options, async () => (await work()).writeBundle(options)));
  const group = audit
    .command('verifications')
    .description('reads verifications that were asked for over the API');
  leaf(group, 'list', 'lists the newest verifications of an organization')
    .option('--organization <id>', 'of this organization, org_…; default the only one there is')
    .action((options: VerificationOptions) =>
      say(options, async () => (await verifications()).listVerifications(options)),
    );
  leaf(group, 'show', 'shows what a verification found')
    .argument('<id>', 'the verification, avr_…')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await verifications()).showVerification(id)),
    );
}
