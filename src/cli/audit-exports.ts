import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import {
  type AuditExportResponse,
  checkManifest,
  type ExportFormat,
  type ExportLog,
  ExportsService,
  type ManifestDocument,
  OperatorExport,
} from '../audit/index.js';
import { Database } from '../platform/database/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { CommandError } from './errors.js';
import { isFileError } from './file-errors.js';
import { organizationFor } from './find.js';
import { facts, table, when } from './format.js';
import { progressBar } from './progress-bar.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

export interface ExportOptions extends CommonOptions {
  readonly log?: string;
  readonly format?: string;
  readonly filter?: readonly string[];
  readonly organization?: string;
  readonly out: string;
  readonly manifest?: string;
}

export interface CheckExportOptions extends CommonOptions {
  readonly manifest: string;
  readonly key?: readonly string[];
}

export interface ListExportsOptions extends CommonOptions {
  readonly organization?: string;
}

/** `gatehouse audit export`: writes a log to a file, with its signed manifest beside it. */
export function exportLog(options: ExportOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const organizationId = await organizationOf(app.get(Database), options.organization);
    const order = {
      log: oneOf<ExportLog>('--log', options.log ?? 'requests', ['requests', 'changes']),
      format: oneOf<ExportFormat>('--format', options.format ?? 'ndjson', ['csv', 'ndjson', 'ocsf']),
      filters: filtersOf(options.filter ?? []),
      organizationId,
    };
    const exported = await app.get(OperatorExport).begin(order);
    const bar = progressBar(exported.rowsEstimated, 'rows', options);
    const file = createWriteStream(options.out, { flags: 'wx', mode: 0o600 });
    try {
      await once(file, 'open');
      for await (const { bytes, rowsDone } of exported.parts()) {
        if (!file.write(bytes)) await once(file, 'drain');
        bar.at(rowsDone);
      }
      file.end();
      await once(file, 'close');
    } catch (error) {
      throw isFileError(error)
        ? new CommandError('FILE_UNWRITABLE', `${options.out} cannot be written: ${error.code}.`)
        : error;
    } finally {
      bar.end();
    }
    const manifest = await exported.manifest();
    const manifestPath = options.manifest ?? `${options.out}.manifest.json`;
    await writeFile(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    const { count, bytes, sha256 } = JSON.parse(manifest.manifest) as {
      count: number;
      bytes: number;
      sha256: string;
    };
    return {
      document: { file: options.out, manifest: manifestPath, count, bytes, sha256 },
      text: facts([
        ['File', `${options.out}, ${count} rows, ${bytes} bytes`],
        ['SHA-256', sha256],
        ['Manifest', manifestPath],
      ]),
    };
  });
}

/** `gatehouse audit check-export`: that a file is what its manifest attests, with nothing else. */
export async function checkExport(
  path: string,
  { manifest: manifestPath, key = [] }: CheckExportOptions,
): Promise<Answer> {
  const document = readManifest(manifestPath);
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    throw unreadable(path, error);
  }
  const { faults, attested } = checkManifest(document, hash.digest('hex'), key);
  return {
    document: { intact: faults.length === 0, faults, manifest: attested },
    text: [
      ...faults.map((fault) => `FAULT: ${fault}`),
      key.length === 0
        ? `No key was named (--key): the manifest’s own, ${document.signingKey.publicKey}, was taken.`
        : '',
      faults.length === 0
        ? `The file is the one that was exported: ${String(attested['count'])} rows.`
        : 'The file is NOT what the manifest attests.',
    ]
      .filter(Boolean)
      .join('\n'),
    failed: faults.length > 0,
  };
}

/** `gatehouse audit exports list` */
export function listExports({ organization }: ListExportsOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const organizationId = (await organizationFor(app.get(Database).manager, organization)).id;
    const data = await app.get(ExportsService).newest(organizationId);
    return { document: { data }, text: data.length === 0 ? 'There are no exports.' : exportsTable(data) };
  });
}

/** `gatehouse audit exports delete` */
export function deleteExport(publicId: string): Promise<Answer> {
  return withApplication(async (app) => {
    const id = fromPublicId('auditExport', publicId);
    const removed = id !== undefined && (await app.get(ExportsService).remove(CLI_ACTOR, id));
    if (!removed) throw new CommandError('NOT_FOUND', `There is no export ${publicId}.`);
    return {
      document: { id: publicId, deleted: true },
      text: `The export ${publicId} is gone, with its file.`,
    };
  });
}

function exportsTable(exports: readonly AuditExportResponse[]): string {
  return table(
    ['ID', 'LOG', 'FORMAT', 'STATUS', 'ROWS', 'BY', 'CREATED'],
    exports.map(({ id, log, format, status, progress, createdBy, createdAt }) => [
      ...[id, log, format, status, `${progress.rowsDone}`, createdBy, when(createdAt)],
    ]),
  );
}

async function organizationOf(database: Database, named: string | undefined): Promise<string | null> {
  return named === 'none' ? null : (await organizationFor(database.manager, named)).id;
}

function oneOf<T extends string>(option: string, value: string, values: readonly T[]): T {
  const found = values.find((each) => each === value);
  if (!found) throw new CommandError('INVALID_INPUT', `${option} must be one of ${values.join(', ')}.`);
  return found;
}

/** `status=4xx` */
function filtersOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1)
        throw new CommandError('INVALID_INPUT', '--filter must be <name>=<value>, as in status=4xx.');
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

function readManifest(path: string): ManifestDocument {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ManifestDocument;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (error instanceof SyntaxError) return new CommandError('INVALID_INPUT', `${path} is no manifest.`);
  return isFileError(error)
    ? new CommandError('FILE_UNREADABLE', `${path} cannot be read: ${error.code}.`)
    : error;
}
