import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/index.js';
import type { JobTask } from './job-task.js';

export interface EnqueueOptions {
  /** One waiting job per task and key: enqueueing again replaces what still waits. At most 200 characters. */
  key?: string;
  /** Not before then; default at once. */
  runAt?: Date;
  /** Jobs that name the same queue are done one after the other. */
  queue?: string;
}

/** The tasks of this process, and the way to have one done. */
@Injectable()
export class Jobs {
  private readonly registered = new Map<string, JobTask>();

  /** Every task that was registered, for the worker. */
  get tasks(): readonly JobTask[] {
    return [...this.registered.values()];
  }

  /**
   * Makes a task known; to be called in `onModuleInit`, before any worker starts.
   * @throws Error where the name is taken
   */
  register<Payload>(task: JobTask<Payload>): void {
    if (this.registered.has(task.name)) throw new Error(`Two job tasks have the name ${task.name}.`);
    this.registered.set(task.name, {
      name: task.name,
      cron: task.cron,
      catchUpMinutes: task.catchUpMinutes,
      lane: task.lane,
      run: (payload, run) => task.run(payload as Payload, run),
    });
  }

  /**
   * Enqueues a job in the caller's transaction: it exists when that commits, and never when it does not.
   * The payload becomes JSON and is kept until the job is done: ids, no secrets.
   * @throws Error where the task was never registered: nobody would do it
   */
  async enqueue<Payload>(
    tx: Transaction,
    task: JobTask<Payload>,
    payload: Payload,
    { key, runAt, queue }: EnqueueOptions = {},
  ): Promise<void> {
    if (!this.registered.has(task.name)) throw new Error(`The job task ${task.name} is not registered.`);
    await tx.query('SELECT enqueue_job($1, $2::json, $3, $4::timestamptz, $5)', [
      task.name,
      JSON.stringify(payload ?? {}),
      key === undefined ? null : `${task.name}/${key}`,
      runAt?.toISOString() ?? null,
      queue ?? null,
    ]);
  }
}
