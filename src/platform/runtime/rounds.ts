export interface RoundsOptions<T> {
  /** One round. */
  readonly work: () => Promise<T>;
  /** Whether the next round is to begin at once. */
  readonly again: (result: T) => boolean;
  /** Between a round that found nothing and the next. */
  readonly pauseMs: number;
  /** Told of a round that failed. */
  readonly failed: (error: unknown) => void;
}

/** After a round that failed; doubled with each that fails again. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

/** Goes round and round in a process that serves, for what cannot wait for a job's minute. One round at a time. */
export class Rounds<T> {
  private timer: NodeJS.Timeout | undefined;
  private underway: Promise<T> | undefined;
  private stopped = false;
  private retryMs = FIRST_RETRY_MS;

  constructor(private readonly options: RoundsOptions<T>) {}

  start(): void {
    this.schedule(0);
  }

  /** One round, shared by those who ask at the same time. @throws what it throws, after that was told of */
  once(): Promise<T> {
    this.underway ??= this.options
      .work()
      .catch((error: unknown) => {
        this.options.failed(error);
        throw error;
      })
      .finally(() => {
        this.underway = undefined;
      });
    return this.underway;
  }

  /** Finishes the round under way, and begins no more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.underway?.catch(() => undefined);
  }

  private schedule(milliseconds: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.goRound(), milliseconds);
    this.timer.unref();
  }

  private async goRound(): Promise<void> {
    try {
      const again = this.options.again(await this.once());
      this.retryMs = FIRST_RETRY_MS;
      this.schedule(again ? 0 : this.options.pauseMs);
    } catch {
      this.schedule(this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
    }
  }
}
