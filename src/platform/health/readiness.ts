import type { Logger } from '../logging/index.js';

/** One thing that must work before requests can. */
export interface ReadinessCheck {
  /** What the report calls it, e.g. `database`. */
  readonly name: string;
  /** Settles when it works. @throws when it does not */
  check(): Promise<void>;
}

export type ReadinessStatus = 'ok' | 'failed';

export interface ReadinessReport {
  readonly status: ReadinessStatus;
  readonly checks: Readonly<Record<string, ReadinessStatus>>;
}

const DEADLINE_MS = 2_000;

/** Asks all checks, and says of each whether it works. Why one does not is for the log alone. */
export class Readiness {
  private readonly underway = new Map<string, Promise<void>>();
  private readonly failing = new Set<string>();

  /**
   * @param deadlineMs how long one check may take before it counts as failed
   */
  constructor(
    private readonly checks: readonly ReadinessCheck[],
    private readonly logger: Logger,
    private readonly deadlineMs = DEADLINE_MS,
  ) {}

  /** Never rejects. */
  async report(): Promise<ReadinessReport> {
    const results = await Promise.all(
      this.checks.map(async (check) => [check.name, await this.statusOf(check)] as const),
    );
    return {
      status: results.every(([, status]) => status === 'ok') ? 'ok' : 'failed',
      checks: Object.fromEntries(results),
    };
  }

  private async statusOf(check: ReadinessCheck): Promise<ReadinessStatus> {
    const deadline = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => deadline.reject(new Error(`no answer within ${this.deadlineMs} ms`)),
      this.deadlineMs,
    );
    try {
      await Promise.race([this.run(check), deadline.promise]);
      if (this.failing.delete(check.name)) this.logger.info({ check: check.name }, 'ready again');
      return 'ok';
    } catch (error) {
      // Once, not at every probe.
      if (!this.failing.has(check.name)) this.logger.warn({ check: check.name, err: error }, 'not ready');
      this.failing.add(check.name);
      return 'failed';
    } finally {
      clearTimeout(timer);
    }
  }

  /** One run at a time: probes must not pile up behind a check that hangs. */
  private run(check: ReadinessCheck): Promise<void> {
    const running = this.underway.get(check.name);
    if (running) return running;
    const started = runChecked(check).finally(() => this.underway.delete(check.name));
    this.underway.set(check.name, started);
    return started;
  }
}

/** A check that throws before its first await rejects like any other. */
async function runChecked(check: ReadinessCheck): Promise<void> {
  await check.check();
}
