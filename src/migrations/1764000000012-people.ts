import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** Invitations, and when members last signed in. */
export class People1764000000012 implements MigrationInterface {
  name = 'People1764000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(INVITATIONS);
    await versionTable(queryRunner, 'invitations');
    await auditTable(queryRunner, 'invitations', { secretColumns: ['token_digest'] });
    await queryRunner.query(ACTIVITY);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

const INVITATIONS = `
CREATE TABLE invitations (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  organization_id uuid NOT NULL,
  -- null: the role was deleted after the invitation was accepted or had ended
  role_id uuid,
  -- lower case
  email text NOT NULL,
  name text,
  invited_by_type text NOT NULL,
  invited_by_id text NOT NULL,
  delivery text NOT NULL,
  -- HMAC-SHA-256 of the token; null until its mail is sent, and once it was used
  token_digest bytea,
  sent_at timestamptz(3),
  expires_at timestamptz(3) NOT NULL,
  accepted_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT invitations_pk PRIMARY KEY (id),
  CONSTRAINT invitations_organization FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT invitations_role FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE SET NULL,
  CONSTRAINT invitations_token UNIQUE (token_digest),
  CONSTRAINT invitations_delivery CHECK (delivery IN ('mail', 'link'))
);
CREATE UNIQUE INDEX invitations_one_open ON invitations (organization_id, email) WHERE accepted_at IS NULL;
CREATE INDEX invitations_by_creation ON invitations (organization_id, created_at, id);
CREATE INDEX invitations_of_role ON invitations (role_id);
CREATE INDEX members_of_role ON members (role_id);
`;

// Last use is no business data and has no change rows: it must neither touch a member's version nor its ETag. A
// trigger, so that whatever opens a session is noted.
const ACTIVITY = `
CREATE TABLE member_activity (
  member_id uuid NOT NULL,
  last_sign_in_at timestamptz(3) NOT NULL,
  CONSTRAINT member_activity_pk PRIMARY KEY (member_id),
  CONSTRAINT member_activity_member FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE
);
INSERT INTO member_activity (member_id, last_sign_in_at)
SELECT member_id, max(created_at) FROM sessions GROUP BY member_id;

CREATE FUNCTION note_sign_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO member_activity (member_id, last_sign_in_at) VALUES (NEW.member_id, NEW.created_at)
  ON CONFLICT (member_id) DO UPDATE SET last_sign_in_at = excluded.last_sign_in_at;
  RETURN NULL;
END $$;
CREATE TRIGGER note_sign_in AFTER INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION note_sign_in();
`;
