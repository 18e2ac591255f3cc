import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  bundleLines,
  hashedLinesOf,
  type CheckpointLine,
  type Finding,
  rowsAbout,
  type SealedIn,
  type VerifyOptions,
  verifyHashed,
  verifyLines,
  type VerifyReport,
} from '../audit/index.js';
import { Database } from '../platform/database/index.js';
import { parseDay, parseTimestamp } from '../platform/http/input/index.js';
import { toPublicId } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { CommandError } from './errors.js';
import { isFileError } from './file-errors.js';
import { facts } from './format.js';
import { progressBar } from './progress-bar.js';
import { withApplication } from './with-application.js';

export interface VerifyLogOptions extends CommonOptions {
  readonly bundle?: string;
  readonly key?: readonly string[];
  readonly checkpoints?: string;
  readonly from?: string;
  readonly to?: string;
  readonly findings?: string;
}

export interface BundleOptions extends CommonOptions {
  readonly out: string;
}

const MOST_FINDINGS = 100;

/** `gatehouse audit verify`: of a bundle, with nothing else; or of the database's own logs. */
export async function verifyLog(options: VerifyLogOptions): Promise<Answer> {
  const given = verifyOptions(options);
  const { bundle } = options;
  const sealedIn = timeOf(options);
  const report =
    bundle === undefined
      ? await withApplication(async (app) => {
          const database = app.get(Database);
          const bar = progressBar(await rowsAbout(database, sealedIn), 'rows', options);
          const lines = buffered(bundleLines(database, sealedIn));
          return verifyLines(lines, { ...given, partial: sealedIn !== undefined }, bar.at).finally(bar.end);
        })
      : await verifyFile(bundle, given, options);
  return { document: report, text: reportText(report), failed: !report.intact };
}

/** `gatehouse audit bundle`: the logs with their evidence, for whoever verifies them elsewhere. */
export function writeBundle(options: BundleOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const database = app.get(Database);
    const bar = progressBar(await rowsAbout(database), 'rows', options);
    let lines = 0;
    const text = async function* () {
      for await (const group of bundleLines(database)) {
        lines += group.length;
        bar.at(lines);
        yield `${group.join('\n')}\n`;
      }
    };
    // Whoever may not read the logs must not read their copy either.
    await pipeline(Readable.from(text()), createWriteStream(options.out, { flags: 'wx', mode: 0o600 })).catch(
      (error: unknown) => {
        throw unwritable(options.out, error);
      },
    );
    bar.end();
    return {
      document: { file: options.out, lines },
      text: `${lines} lines are in ${options.out}. They hold personal data, as the logs do.`,
    };
  });
}

async function verifyFile(
  path: string,
  given: VerifyOptions,
  options: VerifyLogOptions,
): Promise<VerifyReport> {
  const bar = progressBar(undefined, 'rows', options);
  try {
    const bytes = createReadStream(path, { highWaterMark: 1 << 20 });
    return await verifyHashed(hashedLinesOf(bytes), given, bar.at);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    bar.end();
  }
}

function verifyOptions({ key = [], checkpoints, findings }: VerifyLogOptions): VerifyOptions {
  const most = findings === undefined ? MOST_FINDINGS : Number(findings);
  if (!Number.isSafeInteger(most) || most < 0) {
    throw new CommandError('INVALID_INPUT', '--findings must be a whole number.');
  }
  return { most, trusted: keysNamed(key), published: publishedIn(checkpoints) };
}

/** The time of `--from` and `--to`; undefined: all. @throws CommandError */
function timeOf({ bundle, from, to }: VerifyLogOptions): SealedIn | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (bundle !== undefined) {
    throw new CommandError(
      'INVALID_INPUT',
      'A bundle is verified whole: --from and --to are for the database.',
    );
  }
  const time = { from: momentOf('--from', from, 'first'), to: momentOf('--to', to, 'last') };
  if (time.from && time.to && time.to < time.from) {
    throw new CommandError('INVALID_INPUT', '--to must not be before --from.');
  }
  return time;
}

function momentOf(option: string, text: string | undefined, day: 'first' | 'last'): Date | undefined {
  if (text === undefined) return undefined;
  const moment = parseTimestamp(text) ?? parseDay(text, day);
  if (moment) return moment;
  throw new CommandError(
    'INVALID_INPUT',
    `${option} must be a day (2026-03-01), or a date and time with its offset.`,
  );
}

/** The public keys of `--key`. @throws CommandError */
export function keysNamed(key: readonly string[] = []): string[] {
  const keys = key.map((text) => text.trim().toLowerCase());
  if (keys.some((text) => !/^[0-9a-f]{64}$/.test(text))) {
    throw new CommandError('INVALID_INPUT', '--key must be a public key of 64 hexadecimal digits.');
  }
  return keys;
}

/** The checkpoints of the file of `--checkpoints`. @throws CommandError */
export function publishedIn(path: string | undefined): CheckpointLine[] {
  return path === undefined ? [] : readPublished(path);
}

function readPublished(path: string): CheckpointLine[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as CheckpointLine);
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* buffered(groups: AsyncIterable<readonly string[]>): AsyncGenerator<Buffer[]> {
  for await (const group of groups) yield group.map((line) => Buffer.from(line));
}

function reportText(report: VerifyReport): string {
  const { checkpoint, purged, findings, findingCount, trustedOnFirstUse } = report;
  const purgedRows = purged.reduce((sum, { rows }) => sum + rows, 0);
  const told = facts([
    ['Rows', `${report.rows}${report.erased > 0 ? `, ${report.erased} without their personal fields` : ''}`],
    ['Batches', `${report.batches} of ${report.writers} writers`],
    [
      'Checkpoints',
      checkpoint
        ? `${report.checkpoints}, the newest of ${new Date(checkpoint.sealedAt).toISOString()} with root ${checkpoint.root}`
        : 'none',
    ],
    [
      'Not anchored yet',
      [`${report.notAnchored} rows`, ...report.notAnchoredBatches.map(openText)].join('; '),
    ],
    ['Not sealed yet', `${report.notSealed} changes`],
    ...(report.notEvidenced > 0
      ? [['Of before there was evidence', `${report.notEvidenced} rows`] as const]
      : []),
    ...(report.notRead > 0 ? [['Outside the range', `${report.notRead} rows`] as const] : []),
    ...(purged.length > 0
      ? [['Purged by record', `${purgedRows} rows of ${purged.length} days; ${policies(report)}`] as const]
      : []),
  ]);
  const lines = [told];
  if (trustedOnFirstUse !== null) {
    lines.push(`No key was named (--key): ${trustedOnFirstUse}, the first one, was trusted as it stands.`);
  }
  for (const finding of findings) lines.push(findingText(finding));
  if (findingCount > findings.length) lines.push(`… and ${findingCount - findings.length} more.`);
  lines.push(report.intact ? 'The logs are intact.' : `The logs are NOT intact: ${findingCount} findings.`);
  return lines.join('\n');
}

function openText({ writer, firstBatch, lastBatch }: VerifyReport['notAnchoredBatches'][number]): string {
  return `${writer === 0 ? 'the change log' : `writer ${writer}`}, batches ${firstBatch} to ${lastBatch}`;
}

function policies({ purged }: VerifyReport): string {
  const days = purged.map(({ day }) => day).sort();
  const names = [...new Set(purged.map(({ policy }) => policy))].join(', ');
  return `${days[0]} to ${days.at(-1)}, by ${names}`;
}

function findingText({
  kind,
  log,
  writer,
  batchNo,
  position,
  requestId,
  changeId,
  message,
}: Finding): string {
  const place = [
    writer === undefined || writer === 0 ? '' : `writer ${writer}`,
    batchNo === undefined ? '' : `batch ${batchNo}`,
    position === undefined ? '' : `row ${position}`,
    requestId === undefined ? '' : toPublicId('request', requestId),
    changeId === undefined ? '' : `change ${changeId}`,
  ].filter(Boolean);
  return `${kind.toUpperCase()} ${log}${place.length > 0 ? ` (${place.join(', ')})` : ''}: ${message}`;
}

function unreadable(path: string, error: unknown): unknown {
  if (error instanceof SyntaxError) {
    return new CommandError(
      'INVALID_INPUT',
      `${path} is not what it should be: a JSON document on each line.`,
    );
  }
  return isFileError(error)
    ? new CommandError('FILE_UNREADABLE', `${path} cannot be read: ${error.code}.`)
    : error;
}

/** What became of a file that could not be written, in words. */
export function unwritable(path: string, error: unknown): unknown {
  return isFileError(error)
    ? new CommandError('FILE_UNWRITABLE', `${path} cannot be written: ${error.code}.`)
    : error;
}
