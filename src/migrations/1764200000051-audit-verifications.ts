import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable } from '../platform/database/audit-table.js';

/** Verifications of the logs: what was asked for, and what was found. */
export class AuditVerifications1764200000051 implements MigrationInterface {
  name = 'AuditVerifications1764200000051';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    // What was asked for is business data; how far it has come changes every second, and is not.
    await auditTable(queryRunner, 'audit_verifications');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// No foreign key on the organization: audit stands below tenants.
const TABLES = `
CREATE TABLE audit_verifications (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  -- when the batches were sealed whose rows are looked at
  from_at timestamptz(3),
  to_at timestamptz(3),
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT audit_verifications_pk PRIMARY KEY (id)
);
CREATE INDEX audit_verifications_of_organization ON audit_verifications (organization_id, created_at, id);
CREATE INDEX audit_verifications_created ON audit_verifications (created_at);

CREATE TABLE audit_verification_runs (
  verification_id uuid NOT NULL,
  status text NOT NULL,
  run_id uuid,
  rows_done bigint NOT NULL,
  rows_estimated bigint NOT NULL,
  failures integer NOT NULL,
  report jsonb,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  CONSTRAINT audit_verification_runs_pk PRIMARY KEY (verification_id),
  CONSTRAINT audit_verification_runs_verification FOREIGN KEY (verification_id)
    REFERENCES audit_verifications (id) ON DELETE CASCADE,
  CONSTRAINT audit_verification_runs_status CHECK (status IN ('queued', 'running', 'done', 'failed'))
);
`;
