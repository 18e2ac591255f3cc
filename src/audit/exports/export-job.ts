import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import { defineJob, Jobs, type JobRun, type JobTask } from '../../platform/jobs/index.js';
import { ExportProgress, RunSuperseded } from './export-progress.js';
import { ExportWriter } from './export-writer.js';

/** Runs that may fail by themselves, before the export has failed. */
const MOST_FAILURES = 5;

interface ExportPayload {
  /** UUID. */
  readonly exportId: string;
}

/** Writes exports apart from any request. One that a crash or a stop has ended goes on where it was durable. */
@Injectable()
export class ExportJob implements OnModuleInit {
  private readonly task: JobTask<ExportPayload> = defineJob({
    name: 'audit.export',
    run: ({ exportId }, run) => this.run(exportId, run),
  });

  constructor(
    private readonly jobs: Jobs,
    private readonly progress: ExportProgress,
    private readonly writer: ExportWriter,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.task);
  }

  /** Has an export written, once the transaction commits. */
  enqueue(tx: Transaction, exportId: string): Promise<void> {
    return this.jobs.enqueue(tx, this.task, { exportId }, { key: exportId });
  }

  private async run(exportId: string, { signal, logger }: JobRun): Promise<void> {
    const found = await this.progress.find(exportId);
    if (!found || found.run.status === 'done' || found.run.status === 'failed') return;
    try {
      await this.writer.write(found, signal);
    } catch (error) {
      if (error instanceof RunSuperseded) {
        logger.debug({ exportId }, 'an export was deleted, or is written by another run');
        return;
      }
      // Asked to stop: that is no failure of the export's.
      if (signal.aborted) throw error;
      const isLast = await this.progress.fail(exportId, publicReason(error), MOST_FAILURES);
      if (!isLast) throw error;
      logger.error({ err: error, exportId }, 'an export has failed');
    }
  }
}

/** What the public is told; the rest is in the process's log. */
function publicReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'There is no room left for exports.';
  return 'It could not be written.';
}
