import { hash } from 'node:crypto';

// A row's line is written with its names in this order, so that what was hashed can be cut out of it as it stands:
// inside a JSON text every quote is escaped, so none of these marks can be part of one.
const ROW = Buffer.from('{"type":"row"');
const PERSONAL = Buffer.from(',"personal":');
const RECORD = Buffer.from(',"record":');
const COMMITMENT = Buffer.from('"personal":"');
const SALT = Buffer.from('"salt":"');
const LEAF = Buffer.from('"leaf":"');
const HASH_DIGITS = 64;
const OPEN_BRACE = 123;

/** A row of either log as a line of an evidence bundle. */
export interface RowLine {
  readonly position: number;
  /** In hex; null where the personal fields are erased. */
  readonly salt: string | null;
  /** Canonical JSON of the personal fields; or their commitment, in hex, where they are erased. */
  readonly personal: string;
  readonly leaf: string;
  /** Canonical JSON of the row, which holds the commitment. */
  readonly record: string;
}

/** Writes a row's line. */
export function rowLine({ position, salt, personal, leaf, record }: RowLine): string {
  const told = salt === null ? `"${personal}"` : personal;
  const salted = salt === null ? 'null' : `"${salt}"`;
  return `{"type":"row","position":${position},"leaf":"${leaf}","salt":${salted},"personal":${told},"record":${record}}`;
}

/** Whether a line is a row's, by its beginning. */
export function isRowLine(line: Buffer): boolean {
  return line.length >= ROW.length && line.compare(ROW, 0, ROW.length, 0, ROW.length) === 0;
}

/** What a row's line comes to. */
export interface CheckedRow {
  readonly position: number;
  /** Computed from what the line says. */
  readonly leaf: Buffer;
  /** Whether the leaf that the log has beside the row is the same, and so is the commitment. */
  readonly holds: boolean;
  readonly erased: boolean;
}

/**
 * Hashes a row's line: the slices of it as they stand, without reading them as JSON. The line is spoiled by it.
 * @returns undefined where it is no such line
 */
export function checkRow(line: Buffer): CheckedRow | undefined {
  const position = Number.parseInt(line.toString('latin1', 25, 40), 10);
  const leafAt = line.indexOf(LEAF) + LEAF.length;
  const saltAt = line.indexOf(SALT, leafAt);
  const personalAt = line.indexOf(PERSONAL, leafAt) + PERSONAL.length;
  const recordAt = line.indexOf(RECORD, personalAt) + RECORD.length;
  const commitmentAt = line.indexOf(COMMITMENT, recordAt) + COMMITMENT.length;
  if (!(position >= 0) || leafAt < LEAF.length || personalAt < PERSONAL.length) return undefined;
  if (recordAt < RECORD.length || commitmentAt < COMMITMENT.length) return undefined;
  const erased = line[personalAt] !== OPEN_BRACE;
  const stored = line.toString('latin1', leafAt, leafAt + HASH_DIGITS);
  const commitment = line.toString('latin1', commitmentAt, commitmentAt + HASH_DIGITS);
  const personal = erased
    ? line.toString('latin1', personalAt + 1, personalAt + 1 + HASH_DIGITS)
    : commitmentOf(line, saltAt + SALT.length, personalAt, recordAt - RECORD.length);
  // the byte before the record becomes the zero byte that a leaf begins with
  line[recordAt - 1] = 0;
  const leaf = hash('sha256', line.subarray(recordAt - 1, line.length - 1), 'buffer');
  return { position, leaf, erased, holds: personal === commitment && leaf.toString('hex') === stored };
}

/** SHA-256 over the salt's digits and the personal fields: the digits are moved to stand before them. */
function commitmentOf(line: Buffer, saltAt: number, personalAt: number, personalEnd: number): string {
  const saltEnd = personalAt - PERSONAL.length - 1;
  const start = personalAt - (saltEnd - saltAt);
  line.copyWithin(start, saltAt, saltEnd);
  return hash('sha256', line.subarray(start, personalEnd), 'hex');
}
