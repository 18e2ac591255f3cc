import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** What stands around a password: failures and their lock-out, links for a new one, the second factor. */
export class SignIn1764000000013 implements MigrationInterface {
  name = 'SignIn1764000000013';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(FAILURES);
    await queryRunner.query(RESETS);
    await queryRunner.query(SECOND_FACTORS);
    await versionTable(queryRunner, 'member_totp');
    await auditTable(queryRunner, 'member_totp', { entity: 'second_factor', secretColumns: ['secret'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

const FAILURES = `
-- Attempts of strangers are no business data, so they have no change rows: each is a row of the request log.
CREATE TABLE sign_in_failures (
  -- HMAC-SHA-256 of the address, which may be nobody's
  digest bytea NOT NULL,
  -- those that still count
  failed_at timestamptz[] NOT NULL,
  last_failed_at timestamptz(3) NOT NULL,
  locked_until timestamptz(3),
  CONSTRAINT sign_in_failures_pk PRIMARY KEY (digest)
);
CREATE INDEX sign_in_failures_age ON sign_in_failures (last_failed_at);
`;

const RESETS = `
-- A link that waits to be used is no business data, like a session; what it leads to is a change row of its member.
CREATE TABLE password_resets (
  member_id uuid NOT NULL,
  -- HMAC-SHA-256 of the link's token; the token itself is nowhere
  digest bytea NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  -- when it was mailed; null where it was shown, or is still to be mailed
  sent_at timestamptz(3),
  CONSTRAINT password_resets_pk PRIMARY KEY (member_id),
  CONSTRAINT password_resets_member FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE,
  CONSTRAINT password_resets_digest UNIQUE (digest)
);
CREATE INDEX password_resets_expiry ON password_resets (expires_at);
`;

const SECOND_FACTORS = `
CREATE TABLE member_totp (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  member_id uuid NOT NULL,
  -- the member's, so that a change row knows its tenant
  organization_id uuid NOT NULL,
  -- sealed under the master secret
  secret bytea NOT NULL,
  -- null until a first code was right: until then nobody is asked for one
  confirmed_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT member_totp_pk PRIMARY KEY (id),
  CONSTRAINT member_totp_member FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE,
  CONSTRAINT member_totp_organization FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT member_totp_one UNIQUE (member_id)
);

-- Written by every sign-in, which is a row of the request log and no change of business data.
CREATE TABLE totp_steps (
  member_id uuid NOT NULL,
  -- half minutes since 1970: no code of this one or an earlier one is accepted
  last_step bigint NOT NULL,
  CONSTRAINT totp_steps_pk PRIMARY KEY (member_id),
  CONSTRAINT totp_steps_factor FOREIGN KEY (member_id) REFERENCES member_totp (member_id) ON DELETE CASCADE
);

-- Used up by sign-ins, like the steps; that one was used is an event.
CREATE TABLE recovery_codes (
  id uuid NOT NULL,
  member_id uuid NOT NULL,
  -- SHA-256 of the code, sealed under the master secret
  sealed bytea NOT NULL,
  CONSTRAINT recovery_codes_pk PRIMARY KEY (id),
  CONSTRAINT recovery_codes_factor FOREIGN KEY (member_id) REFERENCES member_totp (member_id) ON DELETE CASCADE
);
CREATE INDEX recovery_codes_of_member ON recovery_codes (member_id);
`;
