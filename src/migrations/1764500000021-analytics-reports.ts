import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** Reports, and what is done by a schedule. */
export class AnalyticsReports1764500000021 implements MigrationInterface {
  name = 'AnalyticsReports1764500000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(REPORTS);
    await queryRunner.query(RUNS);
    await versionTable(queryRunner, 'analytics_reports');
    await versionTable(queryRunner, 'analytics_runs');
    await auditTable(queryRunner, 'analytics_reports', { secretColumns: ['sealed', 'emails'] });
    await auditTable(queryRunner, 'analytics_runs', { secretColumns: ['deliveries'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

const REPORTS = `
CREATE TABLE analytics_reports (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  store_id uuid NOT NULL,
  name text NOT NULL,
  sections text[] NOT NULL,
  period text NOT NULL,
  granularity text NOT NULL,
  time_zone text NOT NULL,
  currency text,
  compare_to text,
  funnel jsonb,
  attribution jsonb,
  schedule text,
  formats text[] NOT NULL,
  webhook_url text,
  emails text[] NOT NULL DEFAULT '{}',
  sealed bytea,
  status text NOT NULL,
  next_run_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT analytics_reports_pk PRIMARY KEY (id),
  CONSTRAINT analytics_reports_store FOREIGN KEY (store_id) REFERENCES stores (id),
  CONSTRAINT analytics_reports_status CHECK (status IN ('ACTIVE', 'PAUSED'))
);
CREATE INDEX analytics_reports_by_creation ON analytics_reports (store_id, created_at, id);
CREATE INDEX analytics_reports_due ON analytics_reports (next_run_at) WHERE next_run_at IS NOT NULL;
-- Not business data: one row for each organization that has mails sent, of the last day on which it had.
CREATE TABLE report_mails (
  organization_id uuid NOT NULL,
  day date NOT NULL,
  mails integer NOT NULL,
  CONSTRAINT report_mails_pk PRIMARY KEY (organization_id),
  CONSTRAINT report_mails_organization FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE INDEX analytics_reports_search ON analytics_reports USING gin (to_tsvector('simple', name));
`;

const RUNS = `
CREATE TABLE analytics_runs (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  store_id uuid NOT NULL,
  report_id uuid,
  trigger text NOT NULL,
  status text NOT NULL,
  due_at timestamptz(3),
  period_from timestamptz(3),
  period_to timestamptz(3),
  settings jsonb NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  error text,
  artefacts jsonb NOT NULL DEFAULT '[]',
  deliveries jsonb NOT NULL DEFAULT '[]',
  artefacts_until timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  CONSTRAINT analytics_runs_pk PRIMARY KEY (id),
  CONSTRAINT analytics_runs_store FOREIGN KEY (store_id) REFERENCES stores (id),
  CONSTRAINT analytics_runs_report FOREIGN KEY (report_id) REFERENCES analytics_reports (id) ON DELETE CASCADE,
  CONSTRAINT analytics_runs_status CHECK (status IN ('queued', 'running', 'succeeded', 'failed'))
);
CREATE INDEX analytics_runs_of_report ON analytics_runs (report_id, created_at, id);
-- A time of the schedule is run once, whoever sees that it has come.
CREATE UNIQUE INDEX analytics_runs_due_report ON analytics_runs (report_id, due_at);
CREATE INDEX analytics_runs_of_store ON analytics_runs (store_id);
-- Which files still have a row.
CREATE INDEX analytics_runs_artefacts ON analytics_runs USING gin (artefacts jsonb_path_ops);
`;
