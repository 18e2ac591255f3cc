export interface MicroBatcherOptions<Item> {
  /** Does the work of one batch. Must not reject: each item carries its own way to hear of a failure. */
  run(batch: Item[]): Promise<void>;
  /** Most items of one batch. */
  maxBatch: number;
  /** Most items waiting; beyond that `add` refuses. */
  maxWaiting: number;
}

/**
 * Turns many small calls into few large ones without a timer: what arrives in one turn of the event loop, and
 * whatever arrives while a batch is under way, goes together into the next. One batch at a time.
 */
export class MicroBatcher<Item> {
  private waiting: Item[] = [];
  private scheduled = false;
  private running = false;
  private idleListeners: (() => void)[] = [];

  constructor(private readonly options: MicroBatcherOptions<Item>) {}

  /** Items waiting for their batch. */
  get size(): number {
    return this.waiting.length;
  }

  get busy(): boolean {
    return this.running;
  }

  /** Adds an item to the next batch; false when too many wait already. */
  add(item: Item): boolean {
    if (this.waiting.length >= this.options.maxWaiting) return false;
    this.waiting.push(item);
    this.schedule();
    return true;
  }

  /** Takes back everything that waits. */
  drain(): Item[] {
    const items = this.waiting;
    this.waiting = [];
    return items;
  }

  /** The items that wait, oldest first, to look at. */
  peek(): readonly Item[] {
    return this.waiting;
  }

  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (!this.running && this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleListeners.push(resolve));
  }

  private schedule(): void {
    if (this.scheduled || this.running) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.start();
    });
  }

  private start(): void {
    if (this.running) return;
    if (this.waiting.length === 0) return this.announceIdle();
    const batch =
      this.waiting.length <= this.options.maxBatch
        ? this.drain()
        : this.waiting.splice(0, this.options.maxBatch);
    this.running = true;
    void this.options.run(batch).finally(() => {
      this.running = false;
      this.start();
    });
  }

  private announceIdle(): void {
    const listeners = this.idleListeners;
    this.idleListeners = [];
    for (const listener of listeners) listener();
  }
}
