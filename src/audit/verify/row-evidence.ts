import {
  changeCanonical,
  changeCommitment,
  changePersonal,
  type StoredChange,
} from '../evidence/change-leaf.js';
import { commitmentOf, personalCanonical, requestCanonical } from '../evidence/request-leaf.js';
import type { LogRow } from '../log-row.js';
import type { RowLine } from './row-line.js';

/** Where a row stands, and what was kept of its leaf. */
export interface StoredEvidence {
  readonly writer: number;
  readonly batch_no: number;
  readonly position: number;
  /** In hex, as the commitment. */
  readonly leaf: string | null;
  readonly commitment: string | null;
}

export type StoredRequest = LogRow & StoredEvidence & { readonly salt: string | null };
export type SealedChange = StoredChange & StoredEvidence;

/** A row of the request log in the form in which it was hashed. */
export function requestEvidence(row: StoredRequest): RowLine {
  const { position, salt } = row;
  const personal = personalCanonical(row);
  const commitment = salt === null ? (row.commitment ?? '') : commitmentOf(personal, salt);
  return {
    position,
    salt,
    personal: salt === null ? commitment : personal,
    leaf: row.leaf ?? '',
    record: requestCanonical(row, commitment),
  };
}

/** The same of the change log. */
export function changeEvidence(row: SealedChange): RowLine {
  const { position, saltHex: salt } = row;
  const personal = changePersonal(row);
  const commitment = salt === null ? (row.commitment ?? '') : changeCommitment(row);
  return {
    position,
    salt,
    personal: salt === null ? commitment : personal,
    leaf: row.leaf ?? '',
    record: changeCanonical(row, commitment),
  };
}
