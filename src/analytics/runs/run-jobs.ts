import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { defineJob, Jobs, type JobRun, type JobTask, runInBackground } from '../../platform/jobs/index.js';
import { AnalyticsRun } from './run.entity.js';
import type { RunsOf } from './run-history.js';
import { type NewRun, RunRecords } from './run-records.js';
import { kindOf, type RunKind, type RunWork, WorkRefused } from './run-work.js';

interface RunPayload extends StoreScope {
  /** UUID. */
  readonly runId: string;
  readonly kind: RunKind;
}

interface DeliveryPayload extends RunPayload {
  /** Which of the run's deliveries. */
  readonly index: number;
}

const OURS = { message: 'It could not be made, for a reason of ours.', final: false };

/**
 * Does runs, and brings what they have made to its targets, each by a job of its own: one that fails holds up none of
 * the others. At least once: a process that dies between a target's answer and our record tries again, under the same key.
 */
@Injectable()
export class RunJobs implements OnModuleInit {
  private readonly works = new Map<RunKind, RunWork>();
  private readonly making: JobTask<RunPayload> = defineJob({
    name: 'analytics.run',
    lane: 'long',
    run: (payload, run) => this.make(payload, run),
  });
  private readonly delivering: JobTask<DeliveryPayload> = defineJob({
    name: 'analytics.deliver',
    lane: 'waiting',
    run: (payload, run) => this.deliver(payload, run),
  });

  constructor(
    private readonly jobs: Jobs,
    private readonly records: RunRecords,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.making);
    this.jobs.register(this.delivering);
  }

  /** To be called when modules begin. @throws Error where a kind has one already */
  register(work: RunWork): void {
    if (this.works.has(work.kind)) throw new Error(`Two works are of the kind ${work.kind}.`);
    this.works.set(work.kind, work);
  }

  /** A new run, which begins when the transaction has ended. */
  async order(tx: Transaction, store: StoreScope, content: NewRun): Promise<AnalyticsRun> {
    const run = await this.records.insert(tx, store, content);
    await this.jobs.enqueue(tx, this.making, payloadOf(run, store), { key: run.id });
    return run;
  }

  /** The run of a schedule for one time, unless there is one. */
  async orderDue(
    tx: Transaction,
    store: StoreScope,
    of: RunsOf,
    dueAt: Date,
    order: Pick<NewRun, 'periodFrom' | 'periodTo' | 'settings'>,
  ): Promise<void> {
    if (await tx.existsBy(AnalyticsRun, { ...of, dueAt })) return;
    await this.order(tx, store, { ...of, trigger: 'schedule', dueAt, ...order });
  }

  private async make({ runId, kind, ...store }: RunPayload, job: JobRun): Promise<void> {
    const work = this.workOf(kind);
    await runInBackground(
      job,
      async () => {
        const run = await this.records.begin(runId);
        if (!run) return;
        const made = await work.make(run, store, job);
        await this.records.succeed(runId, store, work, made, async (tx, after) => {
          for (const index of after.deliveries.keys()) {
            const payload = { ...payloadOf(after, store), index };
            await this.jobs.enqueue(tx, this.delivering, payload, { key: `${runId}/${index}` });
          }
        });
      },
      (error) => {
        job.logger.warn({ err: error, runId }, 'a run failed');
        const why = error instanceof WorkRefused ? error : OURS;
        return this.records.fail(runId, store, work, { message: why.message, final: why.final });
      },
    );
  }

  private async deliver({ runId, kind, index, ...store }: DeliveryPayload, job: JobRun): Promise<void> {
    const found = await this.records.pending(runId, index);
    if (!found) return;
    const idempotencyKey = `${toPublicId('analyticsRun', runId)}/${found.delivery.target}-${index}`;
    const outcome = await this.workOf(kind)
      .deliver({ store, ...found, idempotencyKey })
      .then(
        () => ({}),
        (error: unknown) => {
          // Stopped by us: no try of the target's.
          if (job.signal.aborted) throw error;
          job.logger.warn({ err: error, runId, index }, 'a delivery failed');
          return error instanceof WorkRefused
            ? { error: error.message, final: error.final }
            : { error: 'It could not be sent.' };
        },
      );
    // The queue's own pauses grow from try to try.
    if (await this.records.delivered(runId, index, outcome))
      throw new Error('The target did not take it yet.');
  }

  private workOf(kind: RunKind): RunWork {
    const work = this.works.get(kind);
    if (!work) throw new Error(`Nobody does runs of the kind ${kind}.`);
    return work;
  }
}

function payloadOf(run: AnalyticsRun, { storeId, organizationId }: StoreScope): RunPayload {
  return { runId: run.id, kind: kindOf(run), storeId, organizationId };
}
