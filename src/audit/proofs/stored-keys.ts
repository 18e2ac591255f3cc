import type { Database } from '../../platform/database/index.js';

/** A public key that signs, as it is stored. */
export interface StoredKey {
  readonly id: string;
  readonly public_key: Buffer;
  readonly created_at: Date;
  readonly endorsed_by: string | null;
  readonly endorsement: Buffer | null;
}

/** More than one rotation a week for nineteen years: a rotation and a change of the master secret make one each. */
export const MOST_KEYS = 1_000;

/** The signing keys, the newest first. */
export function signingKeys(database: Database): Promise<StoredKey[]> {
  return database.query<StoredKey>(
    `SELECT id, public_key, created_at, endorsed_by, endorsement FROM audit_signing_keys
     ORDER BY created_at DESC, generation DESC LIMIT ${MOST_KEYS}`,
  );
}
