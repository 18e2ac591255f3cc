import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { LOGGER, type Logger } from '../../platform/logging/index.js';
import { type LogBatch, readBatches, readHeads } from './batch-reading.js';
import type { Heads } from './tail-position.js';

const POLL_MS = 200;
/** While the database does not answer. */
const RETRY_MS = 1_000;

/** Whoever is told of each batch, once, as soon as it is seen. */
export interface BatchReader {
  take(batch: LogBatch): void;
}

/** Looks for new batches of the request log: one look for all readers of the process, and none while there are none. */
@Injectable()
export class LogFollower {
  private readonly readers = new Set<BatchReader>();
  private readonly heads = new Map<number, number>();
  private starting: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Tells a reader of every batch from now on.
   * @returns the newest batches before those
   * @throws what the database throws
   */
  async join(reader: BatchReader): Promise<Heads> {
    this.readers.add(reader);
    try {
      await (this.starting ??= this.start());
    } catch (error) {
      this.leave(reader);
      throw error;
    }
    return this.current();
  }

  leave(reader: BatchReader): void {
    this.readers.delete(reader);
  }

  /** How far the readers have been told. */
  current(): Heads {
    return new Map(this.heads);
  }

  private async start(): Promise<void> {
    try {
      this.heads.clear();
      for (const [writer, batch] of await readHeads(this.database)) this.heads.set(writer, batch);
    } catch (error) {
      this.starting = undefined;
      throw error;
    }
    void this.follow();
  }

  private async follow(): Promise<void> {
    let failing = false;
    while (this.readers.size > 0) {
      try {
        await this.look();
        failing = false;
      } catch (error) {
        if (!failing) this.logger.error({ err: error }, 'the request log could not be followed');
        failing = true;
      }
      await delay(failing ? RETRY_MS : POLL_MS, undefined, { ref: false });
    }
    this.starting = undefined;
  }

  private async look(): Promise<void> {
    for (const [writer, head] of await readHeads(this.database)) {
      for (let told = this.heads.get(writer) ?? 0; told < head; told = this.heads.get(writer) ?? head) {
        const batches = await readBatches(this.database, writer, told, head);
        for (const batch of batches) this.tell(batch);
        // purged with their rows: nothing is left to tell
        if (batches.length === 0) this.heads.set(writer, head);
      }
    }
  }

  private tell(batch: LogBatch): void {
    this.heads.set(batch.writer, batch.no);
    for (const reader of this.readers) reader.take(batch);
  }
}
