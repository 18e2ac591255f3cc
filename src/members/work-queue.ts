/** The queue is full; whoever asked should come again later. */
export class QueueFull extends Error {
  constructor() {
    super('Too much work is waiting already.');
    this.name = 'QueueFull';
  }
}

/** Runs so many pieces of work at once and lets so many wait; refuses the rest at once, so that no line grows. */
export class WorkQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /**
   * @param atOnce how many may run at a time
   * @param mayWait how many more may wait for their turn
   */
  constructor(
    private readonly atOnce: number,
    private readonly mayWait: number,
  ) {}

  /**
   * Runs `work` when its turn comes, first come first served, and answers what it answers.
   * @throws QueueFull at once when too many wait; whatever `work` throws
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < this.atOnce) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= this.mayWait) throw new QueueFull();
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands the place to whoever waits longest, so that nobody can slip in between. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
