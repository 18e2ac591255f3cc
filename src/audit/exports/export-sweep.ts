import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, Database } from '../../platform/database/index.js';
import { timeOfUuid } from '../../platform/ids/index.js';
import { defineSweep, Jobs } from '../../platform/jobs/index.js';
import { ObjectStorage } from '../../platform/storage/index.js';
import { artefactName, readArtefactName } from './artefact.js';
import { AuditExport, AuditExportRun } from './audit-export.entities.js';

const SWEEPER: Actor = { type: 'system', id: 'audit.sweep-exports' };
const BATCH = 100;
/** A file that no export names may be one that a run is just about to name. */
const STRAY_AFTER_MS = 86_400_000;

/** Removes exports whose time is over, and files that a crash has left without an export. */
@Injectable()
export class ExportSweep implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly storage: ObjectStorage,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineSweep({ name: SWEEPER.id, cron: '25 * * * *', deleteBatch: () => this.deleteBatch() }),
    );
  }

  /** @returns how many exports were removed; strays are looked for when there are none left */
  async deleteBatch(): Promise<number> {
    const expired = await this.database.write({ actor: SWEEPER, reason: 'expired' }, async (tx) => {
      const runs = await tx
        .createQueryBuilder(AuditExportRun, 'run')
        .where('run.expiresAt <= clock_timestamp()')
        .orderBy('run.expiresAt')
        .limit(BATCH)
        .getMany();
      if (runs.length > 0)
        await tx.delete(
          AuditExport,
          runs.map(({ exportId }) => exportId),
        );
      return runs;
    });
    for (const { exportId, runId } of expired) {
      if (runId !== null) await this.storage.remove(artefactName(exportId, runId));
    }
    if (expired.length === 0) await this.removeStrays();
    return expired.length;
  }

  private async removeStrays(): Promise<void> {
    for await (const name of this.storage.list()) {
      const named = readArtefactName(name);
      if (!named || timeOfUuid(named.runId) > Date.now() - STRAY_AFTER_MS) continue;
      const run = await this.database.manager.findOneBy(AuditExportRun, { exportId: named.exportId });
      if (run?.runId !== named.runId) await this.storage.remove(name);
    }
  }
}
