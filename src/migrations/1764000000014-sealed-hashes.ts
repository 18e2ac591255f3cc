import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable } from '../platform/database/audit-table.js';

/** What makes a key's digest renewable under another master secret, and where exposed tokens were found. */
export class SealedHashes1764000000014 implements MigrationInterface {
  name = 'SealedHashes1764000000014';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(SEALED_HASHES);
    // Made anew with the further column: what it holds must not be copied into the change log either.
    await queryRunner.query(
      'DROP TRIGGER record_change ON key_secrets; DROP TRIGGER record_truncate ON key_secrets;',
    );
    await auditTable(queryRunner, 'key_secrets', {
      entity: 'key_secret',
      secretColumns: ['digest', 'sealed_hash'],
    });
    await queryRunner.query(LEAK_REPORTS);
    await auditTable(queryRunner, 'leak_reports');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// Version 1 is HMAC(token), and what a process of the earlier version still inserts; version 2 is
// HMAC(SHA-256(token)). The constants in the catalogue make this no rewrite of the table.
const SEALED_HASHES = `
ALTER TABLE key_secrets
  ADD COLUMN digest_version smallint NOT NULL DEFAULT 1,
  -- SHA-256 of the token, sealed under a master secret; null until a secret of before is used again
  ADD COLUMN sealed_hash bytea,
  ADD CONSTRAINT key_secrets_digest_version CHECK (digest_version IN (1, 2));
`;

// No foreign key on the key and its secret: a report outlives them.
const LEAK_REPORTS = `
CREATE TABLE leak_reports (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  store_id uuid NOT NULL,
  key_id uuid NOT NULL,
  key_name text NOT NULL,
  secret_id uuid NOT NULL,
  preview text NOT NULL,
  token_type text NOT NULL,
  -- where it was found; tokens in it are blotted out
  url text,
  -- SHA-256 of the url as it is kept, empty where there is none: an address may be longer than an index takes
  url_digest bytea NOT NULL,
  source text,
  action text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT leak_reports_pk PRIMARY KEY (id),
  CONSTRAINT leak_reports_organization FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT leak_reports_store FOREIGN KEY (store_id) REFERENCES stores (id),
  CONSTRAINT leak_reports_place UNIQUE (secret_id, url_digest),
  CONSTRAINT leak_reports_action CHECK (action IN ('revoked', 'reported', 'ended'))
);
CREATE INDEX leak_reports_of_store ON leak_reports (store_id, created_at, id);
`;
