import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** Plans, organizations, stores, roles, members with their sessions, keys with their secrets. */
export class Access1763700000002 implements MigrationInterface {
  name = 'Access1763700000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TENANTS);
    await queryRunner.query(ROLES_AND_MEMBERS);
    await queryRunner.query(KEYS);
    for (const table of ['plans', 'organizations', 'stores', 'roles', 'members', 'keys']) {
      await versionTable(queryRunner, table);
    }
    for (const table of ['plans', 'organizations', 'stores', 'roles', 'keys']) {
      await auditTable(queryRunner, table);
    }
    await auditTable(queryRunner, 'members', { secretColumns: ['password_hash'] });
    await auditTable(queryRunner, 'key_secrets', { entity: 'key_secret', secretColumns: ['digest'] });
    await queryRunner.query(BUMP_KEY);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

const TENANTS = `
CREATE TABLE plans (
  id text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  name text NOT NULL,
  hour_limit integer,
  day_limit integer,
  poll_seconds integer,
  highest_level text NOT NULL,
  active_keys_per_store integer NOT NULL,
  CONSTRAINT plans_pk PRIMARY KEY (id),
  CONSTRAINT plans_highest_level CHECK (highest_level IN ('read', 'write', 'admin'))
);

-- A limit of its own: null is the plan's, 2147483647 (polling: 0) is none.
CREATE TABLE organizations (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  name text NOT NULL,
  status text NOT NULL DEFAULT 'active',
  plan_id text NOT NULL,
  hour_limit integer,
  day_limit integer,
  poll_seconds integer,
  active_keys_per_store integer,
  highest_level text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT organizations_pk PRIMARY KEY (id),
  CONSTRAINT organizations_plan FOREIGN KEY (plan_id) REFERENCES plans (id),
  CONSTRAINT organizations_status CHECK (status IN ('active', 'suspended')),
  CONSTRAINT organizations_highest_level CHECK (highest_level IN ('read', 'write', 'admin'))
);

CREATE TABLE stores (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  organization_id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  live_store_id uuid,
  -- whose quota its requests use: the organization for live stores, itself for a sandbox
  quota_subject uuid NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT stores_pk PRIMARY KEY (id),
  CONSTRAINT stores_organization FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT stores_live_store FOREIGN KEY (live_store_id) REFERENCES stores (id),
  CONSTRAINT stores_sandbox CHECK ((kind = 'sandbox') = (live_store_id IS NOT NULL)),
  CONSTRAINT stores_kind CHECK (kind IN ('live', 'sandbox')),
  CONSTRAINT stores_one_sandbox UNIQUE (live_store_id)
);
CREATE INDEX stores_of_organization ON stores (organization_id);
`;

const ROLES_AND_MEMBERS = `
CREATE TABLE roles (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  -- null: built in
  organization_id uuid,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  grants jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT roles_pk PRIMARY KEY (id),
  CONSTRAINT roles_organization FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT roles_name UNIQUE NULLS NOT DISTINCT (organization_id, name)
);

CREATE TABLE members (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  organization_id uuid NOT NULL,
  role_id uuid NOT NULL,
  -- lower case
  email text NOT NULL,
  name text NOT NULL,
  password_hash text,
  operator boolean NOT NULL DEFAULT false,
  status text NOT NULL DEFAULT 'active',
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT members_pk PRIMARY KEY (id),
  CONSTRAINT members_organization FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT members_role FOREIGN KEY (role_id) REFERENCES roles (id),
  CONSTRAINT members_email UNIQUE (email),
  CONSTRAINT members_status CHECK (status IN ('active', 'disabled'))
);
CREATE INDEX members_of_organization ON members (organization_id);

-- Sessions are no business data: they have no change rows; sign-in and sign-out are rows of the request log.
CREATE TABLE sessions (
  id uuid NOT NULL,
  member_id uuid NOT NULL,
  digest bytea NOT NULL,
  csrf_digest bytea NOT NULL,
  ip inet,
  user_agent text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT sessions_pk PRIMARY KEY (id),
  CONSTRAINT sessions_member FOREIGN KEY (member_id) REFERENCES members (id) ON DELETE CASCADE,
  CONSTRAINT sessions_digest UNIQUE (digest)
);
CREATE INDEX sessions_of_member ON sessions (member_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
`;

const KEYS = `
CREATE TABLE keys (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  organization_id uuid NOT NULL,
  store_id uuid NOT NULL,
  role_id uuid NOT NULL,
  name text NOT NULL,
  environment text NOT NULL,
  -- null: the role's grants unnarrowed
  permissions jsonb,
  ip_allowlist text[],
  metadata jsonb NOT NULL DEFAULT '{}',
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  revoked_reason text,
  created_by_type text NOT NULL,
  created_by_id text NOT NULL,
  hour_limit integer,
  day_limit integer,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT keys_pk PRIMARY KEY (id),
  CONSTRAINT keys_organization FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT keys_store FOREIGN KEY (store_id) REFERENCES stores (id),
  CONSTRAINT keys_role FOREIGN KEY (role_id) REFERENCES roles (id),
  CONSTRAINT keys_environment CHECK (environment IN ('live', 'test'))
);
CREATE INDEX keys_of_store ON keys (store_id, created_at, id);
CREATE INDEX keys_of_role ON keys (role_id);

CREATE TABLE key_secrets (
  id uuid NOT NULL,
  key_id uuid NOT NULL,
  -- the key's, so that a change row knows its tenant
  store_id uuid NOT NULL,
  -- HMAC-SHA-256 of the token; the token itself is nowhere
  digest bytea NOT NULL,
  -- which master secret the digest was made under
  master_id text NOT NULL,
  preview text NOT NULL,
  not_after timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT key_secrets_pk PRIMARY KEY (id),
  CONSTRAINT key_secrets_key FOREIGN KEY (key_id) REFERENCES keys (id) ON DELETE CASCADE,
  CONSTRAINT key_secrets_digest UNIQUE (digest)
);
CREATE INDEX key_secrets_of_key ON key_secrets (key_id, created_at);
`;

// A new, ended or re-hashed secret changes what its key is: the key's version says so.
const BUMP_KEY = `
CREATE FUNCTION bump_key_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE keys SET version = version WHERE id = coalesce(NEW.key_id, OLD.key_id);
  RETURN NULL;
END $$;
CREATE TRIGGER bump_key_version AFTER INSERT OR UPDATE OR DELETE ON key_secrets
  FOR EACH ROW EXECUTE FUNCTION bump_key_version();
ALTER TABLE key_secrets ENABLE ALWAYS TRIGGER bump_key_version;
`;
