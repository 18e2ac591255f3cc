import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import {
  defineJob,
  type JobRun,
  Jobs,
  type JobTask,
  MOST_FAILURES,
  runInBackground,
} from '../../platform/jobs/index.js';
import { ExportProgress } from './export-progress.js';
import { ExportWriter } from './export-writer.js';

interface ExportPayload {
  /** UUID. */
  readonly exportId: string;
}

/** Writes exports apart from any request. One that a crash or a stop has ended goes on where it was durable. */
@Injectable()
export class ExportJob implements OnModuleInit {
  private readonly task: JobTask<ExportPayload> = defineJob({
    name: 'audit.export',
    lane: 'long',
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

  private async run(exportId: string, run: JobRun): Promise<void> {
    const found = await this.progress.find(exportId);
    if (!found || found.run.status === 'done' || found.run.status === 'failed') return;
    await runInBackground(
      run,
      () => this.writer.write(found, run.signal),
      (error) => this.progress.fail(exportId, publicReason(error), MOST_FAILURES),
    );
  }
}

/** What the public is told; the rest is in the process's log. */
function publicReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'There is no room left for exports.';
  return 'It could not be written.';
}
