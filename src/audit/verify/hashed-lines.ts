import { type CheckedRow, checkRow, isRowLine } from './row-line.js';

const NEWLINE = 10;
const LEAF_BYTES = 32;
/** Numbers for each line: where it starts and ends, what it is, its position. */
const FIELDS = 4;

/** What a line is, as far as hashing tells. */
const OTHER = 0;
const UNREADABLE = 1;
const ROW = 2;
const HOLDS = 4;
const ERASED = 8;

/** Lines of a bundle with the hashes of those that are rows, in a form that goes from thread to thread as it is. */
export interface HashedLines {
  /** The lines; spoiled by hashing. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fields: Int32Array<ArrayBuffer>;
  /** 32 bytes for each line, of use where it is a row. */
  readonly leaves: Uint8Array<ArrayBuffer>;
}

/** Takes a line: what it comes to, undefined where it is no row, null where it should be one and cannot be read. */
export type TakeLine = (row: CheckedRow | null | undefined, line: () => Buffer) => void;

/** Hashes the rows among some whole lines, which end in a line feed each, the last one perhaps not. Empty ones count. */
export function hashLines(bytes: Uint8Array<ArrayBuffer>): HashedLines {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bounds: number[] = [];
  for (let from = 0; from < buffer.length;) {
    const found = buffer.indexOf(NEWLINE, from);
    const end = found === -1 ? buffer.length : found;
    bounds.push(from, end);
    from = end + 1;
  }
  const count = bounds.length / 2;
  const fields = new Int32Array(count * FIELDS);
  const leaves = new Uint8Array(count * LEAF_BYTES);
  for (let index = 0; index < count; index += 1) {
    const [start = 0, end = 0] = [bounds[2 * index], bounds[2 * index + 1]];
    const line = buffer.subarray(start, end);
    const row = isRowLine(line) ? checkRow(line) : null;
    fields.set([start, end, row === null ? OTHER : kindOf(row), row?.position ?? 0], index * FIELDS);
    if (row) leaves.set(row.leaf, index * LEAF_BYTES);
  }
  return { bytes, fields, leaves };
}

/** Hands on the lines, one by one. The line itself is made where it is asked for: of most rows the hashes are enough. */
export function eachLine({ bytes, fields, leaves }: HashedLines, take: TakeLine): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0, leafAt = leaves.byteOffset; at < fields.length; at += FIELDS, leafAt += LEAF_BYTES) {
    const line = () => buffer.subarray(fields[at], fields[at + 1]);
    const kind = fields[at + 2] ?? OTHER;
    if ((kind & ROW) === 0) {
      take(kind === UNREADABLE ? null : undefined, line);
      continue;
    }
    const leaf = Buffer.from(leaves.buffer, leafAt, LEAF_BYTES);
    take(
      { position: fields[at + 3] ?? 0, leaf, holds: (kind & HOLDS) !== 0, erased: (kind & ERASED) !== 0 },
      line,
    );
  }
}

function kindOf(row: CheckedRow | undefined): number {
  if (!row) return UNREADABLE;
  return ROW | (row.holds ? HOLDS : 0) | (row.erased ? ERASED : 0);
}
