import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A key's owner, the notices of its end, and after how many days without use an organization's keys are revoked. */
export class KeyLife1764000000011 implements MigrationInterface {
  name = 'KeyLife1764000000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(OWNERS_AND_ENDS);
    await queryRunner.query(NOTICES);
    await queryRunner.query(`
      -- null: never
      ALTER TABLE organizations ADD COLUMN idle_key_days integer,
        ADD CONSTRAINT organizations_idle_key_days CHECK (idle_key_days BETWEEN 1 AND 3650);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

const OWNERS_AND_ENDS = `
ALTER TABLE keys
  ADD COLUMN owner_id uuid,
  -- when expires_at was set; null: before this column was there, or never
  ADD COLUMN expiry_set_at timestamptz(3),
  ADD CONSTRAINT keys_owner FOREIGN KEY (owner_id) REFERENCES members (id) ON DELETE SET NULL;
CREATE INDEX keys_of_owner ON keys (owner_id);
CREATE INDEX keys_by_end ON keys (expires_at) WHERE expires_at IS NOT NULL AND revoked_at IS NULL;
`;

// No business data, so no trigger: a row only says that an event went out, and the event says the rest.
// Keys that had ended before there were notices are told of no more.
const NOTICES = `
CREATE TABLE key_notices (
  key_id uuid NOT NULL,
  -- the end that was told of: another end is told of anew
  expires_at timestamptz(3) NOT NULL,
  -- 30, 7, 1; 0 is the end itself
  days smallint NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT key_notices_pk PRIMARY KEY (key_id, expires_at, days),
  CONSTRAINT key_notices_key FOREIGN KEY (key_id) REFERENCES keys (id) ON DELETE CASCADE
);
INSERT INTO key_notices (key_id, expires_at, days)
SELECT id, expires_at, 0 FROM keys WHERE expires_at <= gate_clock() AND revoked_at IS NULL;
`;
