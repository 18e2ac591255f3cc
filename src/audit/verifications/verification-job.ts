import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/index.js';
import { newUuid } from '../../platform/ids/index.js';
import {
  defineJob,
  type JobRun,
  Jobs,
  type JobTask,
  MOST_FAILURES,
  runInBackground,
} from '../../platform/jobs/index.js';
import { bundleLines, rowsAbout } from '../verify/bundle.js';
import type { SealedIn } from '../verify/sealed-in.js';
import { Verifier } from '../verify/verifier.js';
import { withOwners } from './found-report.js';
import type { AuditVerification } from './verification.entities.js';
import { VerificationProgress } from './verification-progress.js';

/** Findings that are kept; all are counted. */
const MOST_FINDINGS = 100;
const TOLD_EVERY_MS = 1_000;

interface VerificationPayload {
  /** UUID. */
  readonly verificationId: string;
}

/** Verifies the logs apart from any request. A run that a crash or a stop has ended is begun anew. */
@Injectable()
export class VerificationJob implements OnModuleInit {
  private readonly task: JobTask<VerificationPayload> = defineJob({
    name: 'audit.verify',
    lane: 'long',
    run: ({ verificationId }, run) => this.run(verificationId, run),
  });

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly progress: VerificationProgress,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.task);
  }

  /** Has it done, once the transaction commits. */
  enqueue(tx: Transaction, verificationId: string): Promise<void> {
    return this.jobs.enqueue(tx, this.task, { verificationId }, { key: verificationId });
  }

  private async verify(order: AuditVerification, runId: string, signal: AbortSignal): Promise<void> {
    const verifier = new Verifier({ most: MOST_FINDINGS, partial: true });
    const own = Buffer.from(`"organization_id":"${order.organizationId}"`);
    let ownRows = 0;
    let told = Date.now();
    for await (const lines of bundleLines(this.database, sealedIn(order))) {
      signal.throwIfAborted();
      for (const text of lines) {
        const line = Buffer.from(text);
        // Inside a JSON text no quote is unescaped: it can be nothing but the record's field.
        if (line.includes(own)) ownRows += 1;
        verifier.accept(line);
      }
      if (Date.now() - told < TOLD_EVERY_MS) continue;
      told = Date.now();
      await this.progress.advance(order.id, runId, verifier.rowsDone);
    }
    const report = verifier.finish();
    const findings = await withOwners(this.database.manager, report.findings);
    await this.progress.finish(order.id, runId, { ...report, ownRows, findings });
  }

  private async run(id: string, run: JobRun): Promise<void> {
    const runId = newUuid();
    await runInBackground(
      run,
      async () => {
        const order = await this.progress.order(id);
        if (!order) return;
        const rows = await rowsAbout(this.database, sealedIn(order));
        if (await this.progress.begin(id, runId, rows)) await this.verify(order, runId, run.signal);
      },
      () => this.progress.fail(id, MOST_FAILURES),
    );
  }
}

/** The time as bundles take it; undefined where all is meant. */
function sealedIn({ from, to }: AuditVerification): SealedIn | undefined {
  return from || to ? { from: from ?? undefined, to: to ?? undefined } : undefined;
}
