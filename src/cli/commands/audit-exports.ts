import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { CheckExportOptions, ExportOptions, ListExportsOptions } from '../audit-exports.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../audit-exports.js');

/** `gatehouse audit export`, `check-export` and `exports …` */
export function addAuditExports(audit: Command, say: Say): void {
  leaf(audit, 'export', 'writes a log to a file, with its signed manifest beside it; there is no most')
    .requiredOption('--out <file>', 'a new file, which this user alone can read')
    .option('--manifest <file>', 'the manifest; default the file’s name with .manifest.json')
    .option('--log <name>', 'requests or changes; default requests')
    .option('--format <name>', 'csv, ndjson or ocsf; default ndjson')
    .option('--filter <name=value...>', 'as the search takes them, e.g. status=4xx')
    .option('--organization <id>', 'of this organization, org_…, or "none"; default the only one there is')
    .action((options: ExportOptions) => say(options, async () => (await work()).exportLog(options)));
  leaf(
    audit,
    'check-export',
    'checks a file by its manifest, with nothing else; exit code 1 where it is another',
  )
    .argument('<file>', 'what was exported')
    .requiredOption('--manifest <file>', 'its manifest')
    .option('--key <hex...>', 'public keys to trust; default the manifest’s own')
    .action((file: string, options: CheckExportOptions) =>
      say(options, async () => (await work()).checkExport(file, options)),
    );
  const group = audit
    .command('exports')
    .description('lists and deletes exports that were asked for over the API');
  leaf(group, 'list', 'lists the newest exports of an organization')
    .option('--organization <id>', 'of this organization, org_…; default the only one there is')
    .action((options: ListExportsOptions) => say(options, async () => (await work()).listExports(options)));
  leaf(group, 'delete', 'ends an export, and removes it with its file')
    .argument('<id>', 'the export, aex_…')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).deleteExport(id)),
    );
}
