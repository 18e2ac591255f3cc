import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { RunSuperseded } from '../../platform/jobs/index.js';
import type { FoundReport } from './found-report.js';
import { AuditVerification } from './verification.entities.js';

/** What is kept of the runs of a verification. Each names itself with whatever it records, and only one is heard. */
@Injectable()
export class VerificationProgress {
  constructor(private readonly database: Database) {}

  /** What was asked for; undefined where it is gone. */
  async order(id: string): Promise<AuditVerification | undefined> {
    return (await this.database.manager.findOneBy(AuditVerification, { id })) ?? undefined;
  }

  /** Begins a run, in the place of the one before. @returns whether there is anything left to do */
  async begin(id: string, runId: string, rowsEstimated: number): Promise<boolean> {
    const [, begun] = await this.update(BEGIN, [id, runId, rowsEstimated]);
    return begun > 0;
  }

  /** @throws RunSuperseded */
  async advance(id: string, runId: string, rowsDone: number): Promise<void> {
    await this.record(id, runId, 'rows_done = $3', [rowsDone]);
  }

  /** @throws RunSuperseded */
  async finish(id: string, runId: string, report: FoundReport): Promise<void> {
    await this.record(
      id,
      runId,
      `status = 'done', rows_done = $3, report = $4, finished_at = clock_timestamp()`,
      [report.rows, JSON.stringify(report)],
    );
  }

  /** Records that a run failed by itself. @returns whether that was the last one */
  async fail(id: string, mostFailures: number): Promise<boolean> {
    const [rows] = await this.update<{ status: string }>(FAIL, [id, mostFailures]);
    return rows[0]?.status !== 'queued';
  }

  private async record(id: string, runId: string, set: string, values: readonly unknown[]): Promise<void> {
    const [, recorded] = await this.update(
      `UPDATE audit_verification_runs SET ${set} WHERE verification_id = $1 AND run_id = $2 AND status = 'running'`,
      [id, runId, ...values],
    );
    if (recorded === 0) throw new RunSuperseded(`The verification ${id}`);
  }

  private update<Row>(sql: string, values: unknown[]): Promise<[rows: Row[], count: number]> {
    return this.database.manager.query<[Row[], number]>(sql, values);
  }
}

const BEGIN = `
UPDATE audit_verification_runs SET status = 'running', run_id = $2, rows_done = 0, rows_estimated = $3,
  started_at = coalesce(started_at, clock_timestamp())
WHERE verification_id = $1 AND status IN ('queued', 'running')`;

const FAIL = `
UPDATE audit_verification_runs SET failures = failures + 1,
  status = CASE WHEN failures + 1 >= $2 THEN 'failed' ELSE 'queued' END,
  finished_at = CASE WHEN failures + 1 >= $2 THEN clock_timestamp() END
WHERE verification_id = $1 AND status IN ('queued', 'running') RETURNING status`;
