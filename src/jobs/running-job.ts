import type { Actor, Database, Transaction } from '../platform/database/index.js';
import type { FieldError } from '../platform/errors/index.js';
import type { StoreScope } from '../platform/http/index.js';
import { RunSuperseded } from '../platform/jobs/index.js';
import { toPublicId } from '../platform/ids/index.js';
import { JobProgress, JobRowError, type StoreJob } from './job.entities.js';

/** Faults of a job's rows that are kept; the rest is only counted. */
export const MOST_ROW_ERRORS = 10_000;

/** A fault of one row, counted from 1. */
export interface RowFault extends FieldError {
  readonly row: number;
}

/** How far a step has brought a job. */
export interface Step<State> {
  /** Of `total`. */
  readonly done: number;
  readonly total?: number;
  readonly state?: State;
  readonly faults?: readonly RowFault[];
  /** The input's large field, where the job has fetched it: every later run is given the same. */
  readonly content?: string;
}

/** One run of a job: what its type's `run` works with. */
export class RunningJob<Input extends object, State extends object> {
  constructor(
    private readonly database: Database,
    private readonly job: StoreJob,
    private readonly runId: string,
    readonly store: StoreScope,
    readonly input: Input,
    /** Where the run before came to. */
    readonly state: State | null,
    /** Aborted when the process is about to stop: the run should end, by throwing; the next one goes on. */
    readonly signal: AbortSignal,
  ) {}

  /** UUID. */
  get id(): string {
    return this.job.id;
  }

  /**
   * Changes business data and records how far that has come, both or neither: a step that is recorded is never done
   * again. What it changes is changed by whoever ordered the job.
   * @param work answers how far the job is with it
   * @throws RunSuperseded where the job was cancelled, or another run has it
   */
  async step(work: (tx: Transaction) => Promise<Step<State>>): Promise<void> {
    this.signal.throwIfAborted();
    const actor: Actor = { type: this.job.actorType, id: this.job.actorId };
    const reason = `job ${toPublicId('job', this.job.id)}`;
    await this.database.write({ actor, requestId: this.job.requestId ?? undefined, reason }, async (tx) => {
      const progress = await tx.findOne(JobProgress, {
        where: { jobId: this.job.id, runId: this.runId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!progress) throw new RunSuperseded(`The job ${this.job.id}`);
      const { done, total, state, content, faults = [] } = await work(tx);
      const kept = faults.slice(0, Math.max(0, MOST_ROW_ERRORS - progress.errorCount));
      if (kept.length > 0) {
        await tx.insert(
          JobRowError,
          kept.map(({ row, field, reason: fault }) => ({ jobId: this.job.id, row, field, reason: fault })),
        );
      }
      await tx.update(
        JobProgress,
        { jobId: this.job.id },
        {
          done,
          errorCount: progress.errorCount + faults.length,
          ...(total === undefined ? {} : { total }),
          ...(state === undefined ? {} : { state }),
          ...(content === undefined ? {} : { content }),
        },
      );
    });
  }
}
