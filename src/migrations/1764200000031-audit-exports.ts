import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable } from '../platform/database/audit-table.js';

/** Exports of the logs: what was asked for, and how far it has come. */
export class AuditExports1764200000031 implements MigrationInterface {
  name = 'AuditExports1764200000031';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    // What was asked for is business data; how far it has come changes with every chunk, and is not.
    await auditTable(queryRunner, 'audit_exports');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// No foreign key on the organization: audit stands below tenants.
const TABLES = `
CREATE TABLE audit_exports (
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  -- whose rows it has; null: those that belong to none
  of_organization_id uuid,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  log text NOT NULL,
  format text NOT NULL,
  filters jsonb NOT NULL,
  -- which rows had been committed when it was asked for
  bound jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT audit_exports_pk PRIMARY KEY (id),
  CONSTRAINT audit_exports_log CHECK (log IN ('requests', 'changes')),
  CONSTRAINT audit_exports_format CHECK (format IN ('csv', 'ndjson', 'ocsf'))
);
CREATE INDEX audit_exports_of_organization ON audit_exports (organization_id, created_at, id);

CREATE TABLE audit_export_runs (
  export_id uuid NOT NULL,
  status text NOT NULL,
  -- names the artefact: each run of the job writes one of its own
  run_id uuid,
  -- up to where the artefact is durable
  position jsonb,
  rows_done bigint NOT NULL,
  rows_estimated bigint,
  bytes bigint NOT NULL,
  failures integer NOT NULL,
  error text,
  sha256 text,
  -- canonical JSON, and the signature over it
  manifest text,
  signature bytea,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT audit_export_runs_pk PRIMARY KEY (export_id),
  CONSTRAINT audit_export_runs_export FOREIGN KEY (export_id) REFERENCES audit_exports (id) ON DELETE CASCADE,
  CONSTRAINT audit_export_runs_status CHECK (status IN ('queued', 'running', 'done', 'failed'))
);
CREATE INDEX audit_export_runs_end ON audit_export_runs (expires_at);
`;
