import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The door by which the server's role puts jobs into the queue. */
export class Jobs1763700000006 implements MigrationInterface {
  name = 'Jobs1763700000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ENQUEUE_JOB);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

// Runs as the owner: the queue's tables have row security, which shuts out every other role. The queue's own
// schema is made after our migrations; the body is not looked at before the first call.
const ENQUEUE_JOB = `
CREATE FUNCTION enqueue_job(p_task text, p_payload json, p_job_key text DEFAULT NULL, p_run_at timestamptz DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM graphile_worker.add_job(identifier => p_task, payload => p_payload, job_key => p_job_key, run_at => p_run_at);
END $$;
`;
