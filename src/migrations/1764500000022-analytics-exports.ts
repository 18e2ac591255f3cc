import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** Exports of events and sums, and the order in which events are taken in. */
export class AnalyticsExports1764500000022 implements MigrationInterface {
  name = 'AnalyticsExports1764500000022';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(INTAKE);
    await queryRunner.query(EXPORTS);
    await versionTable(queryRunner, 'analytics_exports');
    await auditTable(queryRunner, 'analytics_exports', { secretColumns: ['sealed'] });
    await queryRunner.query(RUNS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// Transactions commit in another order than they begin in, so that no time says which events were there at a moment. A
// snapshot does, of the transaction that each came with. Those that are there already came with one before all others.
// Ids of transactions mean something in one cluster: after a restore from a dump into another a new epoch begins.
const INTAKE = `
ALTER TABLE analytics_events
  ADD COLUMN intake_epoch integer NOT NULL DEFAULT 0,
  ADD COLUMN transaction_id xid8 NOT NULL DEFAULT '0';
ALTER TABLE analytics_events ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id();
CREATE INDEX analytics_events_by_intake ON analytics_events (store_id, intake_epoch, transaction_id, id);

CREATE TABLE analytics_intake (
  epoch integer NOT NULL,
  system text NOT NULL
);
CREATE UNIQUE INDEX analytics_intake_once ON analytics_intake ((true));
INSERT INTO analytics_intake SELECT 0, system_identifier::text FROM pg_control_system();

CREATE FUNCTION analytics_intake_epoch()
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_system text := (SELECT system_identifier::text FROM pg_control_system());
  v_epoch integer;
BEGIN
  SELECT epoch INTO v_epoch FROM analytics_intake WHERE system = v_system;
  IF FOUND THEN RETURN v_epoch; END IF;
  UPDATE analytics_intake SET epoch = epoch + 1, system = v_system WHERE system <> v_system
    RETURNING epoch INTO v_epoch;
  IF FOUND THEN
    EXECUTE format('ALTER TABLE analytics_events ALTER COLUMN intake_epoch SET DEFAULT %s', v_epoch);
  ELSE
    -- Somebody else saw it at the same time.
    SELECT epoch INTO v_epoch FROM analytics_intake;
  END IF;
  RETURN v_epoch;
END $$;
`;

const EXPORTS = `
CREATE TABLE analytics_exports (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  store_id uuid NOT NULL,
  name text NOT NULL,
  table_name text NOT NULL,
  dimension text NOT NULL,
  period text NOT NULL,
  columns text[],
  format text NOT NULL,
  bucket jsonb,
  sealed bytea,
  schedule text,
  time_zone text NOT NULL,
  status text NOT NULL,
  next_run_at timestamptz(3),
  watermark jsonb,
  watermark_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT analytics_exports_pk PRIMARY KEY (id),
  CONSTRAINT analytics_exports_store FOREIGN KEY (store_id) REFERENCES stores (id),
  CONSTRAINT analytics_exports_status CHECK (status IN ('ACTIVE', 'PAUSED')),
  CONSTRAINT analytics_exports_table CHECK (table_name IN ('events', 'metrics-daily'))
);
CREATE INDEX analytics_exports_by_creation ON analytics_exports (store_id, created_at, id);
CREATE INDEX analytics_exports_due ON analytics_exports (next_run_at) WHERE next_run_at IS NOT NULL;
CREATE INDEX analytics_exports_search ON analytics_exports USING gin (to_tsvector('simple', name));
`;

const RUNS = `
ALTER TABLE analytics_runs
  ADD COLUMN export_id uuid,
  ADD CONSTRAINT analytics_runs_export FOREIGN KEY (export_id) REFERENCES analytics_exports (id) ON DELETE CASCADE,
  ADD CONSTRAINT analytics_runs_of_one CHECK (num_nonnulls(report_id, export_id) = 1);
CREATE INDEX analytics_runs_of_export ON analytics_runs (export_id, created_at, id);
CREATE UNIQUE INDEX analytics_runs_due_export ON analytics_runs (export_id, due_at);
`;
