import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** The jobs that callers order, and queues whose jobs are done one after the other. */
export class StoreJobs1764400000002 implements MigrationInterface {
  name = 'StoreJobs1764400000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(QUEUES);
    await queryRunner.query(TABLES);
    await versionTable(queryRunner, 'jobs');
    await auditTable(queryRunner, 'jobs');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// As before, with a queue. A process of the version before calls it without one.
const QUEUES = `
DROP FUNCTION enqueue_job(text, json, text, timestamptz);
CREATE FUNCTION enqueue_job(
  p_task text, p_payload json, p_job_key text DEFAULT NULL, p_run_at timestamptz DEFAULT NULL, p_queue text DEFAULT NULL
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM graphile_worker.add_job(
    identifier => p_task, payload => p_payload, job_key => p_job_key, run_at => p_run_at, queue_name => p_queue
  );
END $$;
`;

// The order and how it stands are business data, and change a few times in a job's life. How far it has come changes
// with every step, and what it was given may be large: both lie apart, where no change row copies them.
const TABLES = `
CREATE TABLE jobs (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  store_id uuid NOT NULL,
  type text NOT NULL,
  status text NOT NULL,
  input jsonb NOT NULL,
  result jsonb,
  error jsonb,
  actor_type text NOT NULL,
  actor_id uuid NOT NULL,
  request_id uuid,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  CONSTRAINT jobs_pk PRIMARY KEY (id),
  CONSTRAINT jobs_store FOREIGN KEY (store_id) REFERENCES stores (id),
  CONSTRAINT jobs_status CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  CONSTRAINT jobs_actor CHECK (actor_type IN ('key', 'member'))
);
CREATE INDEX jobs_by_creation ON jobs (store_id, created_at, id);
CREATE INDEX jobs_by_end ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_unfinished ON jobs (store_id) WHERE status IN ('queued', 'running');

CREATE TABLE job_progress (
  job_id uuid NOT NULL,
  run_id uuid,
  done integer NOT NULL DEFAULT 0,
  total integer,
  state jsonb,
  failures integer NOT NULL DEFAULT 0,
  error_count integer NOT NULL DEFAULT 0,
  content text,
  CONSTRAINT job_progress_pk PRIMARY KEY (job_id),
  CONSTRAINT job_progress_job FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
);

CREATE TABLE job_row_errors (
  id bigint GENERATED ALWAYS AS IDENTITY,
  job_id uuid NOT NULL,
  row_no integer NOT NULL,
  field text NOT NULL,
  reason text NOT NULL,
  CONSTRAINT job_row_errors_pk PRIMARY KEY (id),
  CONSTRAINT job_row_errors_job FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE
);
CREATE INDEX job_row_errors_of_job ON job_row_errors (job_id, row_no, id);
`;
