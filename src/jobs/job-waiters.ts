import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { LOGGER, type Logger } from '../platform/logging/index.js';

/** Between two looks at all jobs that somebody waits for. */
const LOOK_MS = 250;
/** Requests of one process that wait at once; further ones are answered without. */
const MOST_WAITING = 1_000;

/** Requests that wait for the end of a job: one look of the process serves them all, whichever process does the job. */
@Injectable()
export class JobWaiters implements OnModuleDestroy {
  private readonly waiting = new Map<string, Set<() => void>>();
  private count = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Resolves when the job is finished or gone, the time is over, the caller has left, or the process is to stop. */
  async untilFinished(jobId: string, ms: number, left: AbortSignal): Promise<void> {
    if (this.count >= MOST_WAITING || left.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timeout = setTimeout(resolve, ms);
    left.addEventListener('abort', () => resolve(), { once: true });
    const others = this.waiting.get(jobId) ?? new Set();
    this.waiting.set(jobId, others.add(resolve));
    this.count += 1;
    this.timer ??= setTimeout(() => void this.look(), LOOK_MS);
    await promise;
    clearTimeout(timeout);
    this.count -= 1;
    others.delete(resolve);
    if (others.size === 0 && this.waiting.get(jobId) === others) this.waiting.delete(jobId);
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    for (const each of this.waiting.values()) for (const resolve of each) resolve();
  }

  private async look(): Promise<void> {
    // Not those that somebody begins to wait for meanwhile: nothing will be known of them.
    const asked = [...this.waiting];
    try {
      const unfinished = await this.database.query<{ id: string }>(
        `SELECT id FROM jobs WHERE id = ANY($1) AND status IN ('queued', 'running')`,
        [asked.map(([jobId]) => jobId)],
      );
      const open = new Set(unfinished.map(({ id }) => id));
      for (const [jobId, each] of asked) if (!open.has(jobId)) for (const resolve of each) resolve();
    } catch (error) {
      this.logger.warn({ err: error }, 'jobs that are waited for could not be looked at');
    }
    this.timer = this.waiting.size > 0 ? setTimeout(() => void this.look(), LOOK_MS) : undefined;
  }
}
