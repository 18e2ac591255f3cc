/** Batches of one writer that no checkpoint covers yet: their rows could still be taken away unseen. */
export interface OpenBatchRange {
  readonly writer: number;
  readonly firstBatch: number;
  readonly lastBatch: number;
  readonly rows: number;
}

/** Collects what is not anchored, from the order in which a bundle tells it: writer by writer, batch by batch. */
export class OpenBatches {
  private readonly told: OpenBatchRange[] = [];
  private current: { writer: number; firstBatch: number; lastBatch: number; rows: number } | undefined;

  /** The next batch of this writer, or the first one of the next. */
  batch(writer: number, batchNo: number): void {
    if (this.current && this.current.writer !== writer) this.end();
    this.current ??= { writer, firstBatch: batchNo, lastBatch: batchNo, rows: 0 };
    this.current.lastBatch = batchNo;
  }

  row(): void {
    if (this.current) this.current.rows += 1;
  }

  /** All of this writer's batches up to here are anchored. */
  anchored(): void {
    this.current = undefined;
  }

  /** When all was told: at most one range for each writer. */
  ranges(): readonly OpenBatchRange[] {
    this.end();
    return this.told;
  }

  private end(): void {
    if (this.current) this.told.push(this.current);
    this.current = undefined;
  }
}
