import { Injectable } from '@nestjs/common';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { Events } from '../../platform/events/index.js';
import { RunSuperseded } from '../../platform/jobs/index.js';
import { AuditExport, AuditExportRun } from './audit-export.entities.js';
import { exportReady } from './export-event-types.js';
import type { ReadPosition } from './log-reader.js';
import type { SignedManifest } from './sign-manifest.js';

const ACTOR: Actor = { type: 'system', id: 'audit-exports' };

/** An export with how far it has come. */
export interface ExportWithRun {
  readonly order: AuditExport;
  readonly run: AuditExportRun;
}

/** How far a run's artefact is durable. */
export interface DurablePart {
  readonly runId: string;
  readonly position: ReadPosition | null;
  readonly rowsDone: number;
  readonly bytes: number;
}

/**
 * What is kept of an export's runs. A run that is believed dead may still be alive: each names itself with whatever it
 * records, and only the one that is recorded as the current one is heard.
 */
@Injectable()
export class ExportProgress {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
  ) {}

  async find(
    exportId: string,
    manager: Transaction = this.database.manager,
  ): Promise<ExportWithRun | undefined> {
    const order = await manager.findOneBy(AuditExport, { id: exportId });
    const run = order && (await manager.findOneBy(AuditExportRun, { exportId }));
    return order && run ? { order, run } : undefined;
  }

  /**
   * Puts a run in the place of the one before, whose durable part it has copied.
   * @param before what was copied from; if that has moved on meanwhile, the copy is too short
   * @throws RunSuperseded
   */
  async takeOver(
    exportId: string,
    before: AuditExportRun,
    now: DurablePart,
    keepDays: number,
  ): Promise<void> {
    const [, taken] = await this.database.manager.query<[unknown, number]>(TAKE_OVER, [
      exportId,
      before.runId,
      before.bytes,
      ...[now.runId, now.position, now.rowsDone, now.bytes, keepDays],
    ]);
    if (taken === 0) throw superseded(exportId);
  }

  /** @throws RunSuperseded */
  async estimate(exportId: string, runId: string, rows: number): Promise<void> {
    await this.update(exportId, runId, 'rows_estimated = $3', [rows]);
  }

  /** Records that so much is durable. @throws RunSuperseded */
  async advance(exportId: string, { runId, position, rowsDone, bytes }: DurablePart): Promise<void> {
    await this.update(exportId, runId, 'position = $3, rows_done = $4, bytes = $5', [
      position,
      rowsDone,
      bytes,
    ]);
  }

  /** Records that an export is done, and tells of it: both, or neither. @throws RunSuperseded */
  async finish(
    exportId: string,
    runId: string,
    { sha256, signed, keepDays }: { sha256: string; signed: SignedManifest; keepDays: number },
  ): Promise<void> {
    await this.database.write({ actor: ACTOR }, async (tx) => {
      await this.update(
        exportId,
        runId,
        `status = 'done', sha256 = $3, manifest = $4, signature = $5, error = NULL, rows_estimated = rows_done,
         finished_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(days => $6)`,
        [sha256, signed.canonical, signed.signature, keepDays],
        tx,
      );
      const done = await this.find(exportId, tx);
      if (done) await this.events.emit(tx, exportReady(done.order, done.run));
    });
  }

  /** Records that a run failed by itself, and answers whether that was the last one. */
  async fail(exportId: string, error: string, mostFailures: number): Promise<boolean> {
    await this.database.query(FAIL, [exportId, error, mostFailures]);
    return (await this.find(exportId))?.run.status !== 'queued';
  }

  private async update(
    exportId: string,
    runId: string,
    set: string,
    values: readonly unknown[],
    manager: Transaction = this.database.manager,
  ): Promise<void> {
    const [, updated] = await manager.query<[unknown, number]>(
      `UPDATE audit_export_runs SET ${set} WHERE export_id = $1 AND run_id = $2 AND status = 'running'`,
      [exportId, runId, ...values],
    );
    if (updated === 0) throw superseded(exportId);
  }
}

const superseded = (exportId: string) => new RunSuperseded(`The export ${exportId}`);

const TAKE_OVER = `
UPDATE audit_export_runs SET status = 'running', run_id = $4, position = $5, rows_done = $6, bytes = $7,
  started_at = coalesce(started_at, clock_timestamp()), expires_at = clock_timestamp() + make_interval(days => $8)
WHERE export_id = $1 AND run_id IS NOT DISTINCT FROM $2 AND bytes = $3 AND status IN ('queued', 'running')
`;

const FAIL = `
UPDATE audit_export_runs SET failures = failures + 1, error = $2,
  status = CASE WHEN failures + 1 >= $3 THEN 'failed' ELSE 'queued' END,
  finished_at = CASE WHEN failures + 1 >= $3 THEN clock_timestamp() END
WHERE export_id = $1 AND status IN ('queued', 'running')
`;
