import { createHash } from 'node:crypto';
import { open, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvRecord } from '../../platform/csv/index.js';
import type { ExportFormat } from './export-configuration.entity.js';
import type { ExportedRow } from './export-tables.js';

/** A file that was written whole, and is gone when its user is done. */
export interface Spooled {
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly rows: number;
}

type Writer = (columns: readonly string[], row: ExportedRow) => string;

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  csv: (columns, row) => csvRecord(columns.map((column) => row[column] ?? null)),
  ndjson: (columns, row) =>
    `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column] ?? null])))}\n`,
};

/**
 * Writes rows to a file of this machine, as they come: a storage must be told how long a file is before it gets it, and
 * memory holds no more than a chunk.
 */
export async function spooled<T>(
  chunks: AsyncIterable<readonly ExportedRow[]>,
  { format, columns }: { readonly format: ExportFormat; readonly columns: readonly string[] },
  use: (file: Spooled) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-export-'));
  try {
    const path = join(directory, 'rows');
    const file = await open(path, 'wx', 0o600);
    const hash = createHash('sha256');
    let [bytes, rows] = [0, 0];
    const write = async (text: string) => {
      const buffer = Buffer.from(text);
      await file.writeFile(buffer);
      hash.update(buffer);
      bytes += buffer.byteLength;
    };
    try {
      if (format === 'csv') await write(csvRecord(columns));
      for await (const chunk of chunks) {
        await write(chunk.map((row) => WRITERS[format](columns, row)).join(''));
        rows += chunk.length;
      }
    } finally {
      await file.close();
    }
    return await use({ path, bytes, sha256: hash.digest('hex'), rows });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
