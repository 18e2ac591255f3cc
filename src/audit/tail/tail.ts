import { setTimeout as delay } from 'node:timers/promises';
import { type Database, isUnavailable } from '../../platform/database/index.js';
import type { RequestRow } from '../search/request-row.js';
import { presentRequest } from '../search/request.response.js';
import { type LogBatch, readBatches } from './batch-reading.js';
import type { BatchReader, LogFollower } from './log-follower.js';
import type { RequestMatcher } from './request-matcher.js';
import type { TailPosition } from './tail-position.js';

/** How long a reader's rights are taken for granted, and how often they are looked at while nothing happens. */
const STANDING_MS = 800;
const HEARTBEAT_MS = 15_000;
/** Rows, and batches, that wait for a slow reader; what is more it reads again from the log. */
const MOST_WAITING = 2_000;
const RETRY_MS = 500;

export interface TailOptions {
  readonly matches: RequestMatcher;
  readonly position: TailPosition;
  /** Whether its reader may still see the rows. @throws what the database throws */
  readonly stands: () => Promise<boolean>;
  /** After which it ends, to be resumed. */
  readonly longestMs: number;
  /** Told once it has ended. */
  readonly onEnd: () => void;
}

/** What one reader is told, in order. */
export interface TailEvent {
  /** Where to resume after it. */
  readonly id: string;
  /** None: a sign of life. */
  readonly row?: RequestRow;
}

/** One reader that follows the log: every row that fits, once, whatever happens to the database meanwhile. */
export class Tail implements BatchReader {
  private waiting: LogBatch[] = [];
  private waitingRows = 0;
  /** The follower told of batches that this reader did not keep: it reads them from the log itself. */
  private behind = true;
  private ended = false;
  private stoodAt = performance.now();
  private wake: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly follower: LogFollower,
    private readonly options: TailOptions,
  ) {}

  take(batch: LogBatch): void {
    const rows = batch.rows.filter(this.options.matches);
    this.waitingRows += rows.length;
    if (Math.max(this.waitingRows, this.waiting.length) > MOST_WAITING) {
      this.behind = true;
      this.forget();
    } else if (!this.behind) this.waiting.push({ ...batch, rows });
    if (rows.length > 0) this.wake();
  }

  /** At once, also where nobody has begun to read its events. */
  end(): void {
    this.ended = true;
    this.follower.leave(this);
    this.options.onEnd();
    this.wake();
  }

  /** Until its end, or until nobody reads it any more. */
  async *events(): AsyncGenerator<TailEvent> {
    const { position, longestMs } = this.options;
    const endsAt = performance.now() + longestMs;
    let saidAt = performance.now();
    try {
      while (!this.ended && performance.now() < endsAt && (await this.stands())) {
        const said = yield* this.behind ? this.catchUp() : this.deliver();
        if (said) saidAt = performance.now();
        else if (performance.now() - saidAt >= HEARTBEAT_MS) {
          saidAt = performance.now();
          yield { id: position.text() };
        }
        if (this.waiting.length === 0 && !this.behind) await this.rest();
      }
    } finally {
      this.end();
    }
  }

  /** What the follower has told, as long as the reader's rights are known. */
  private *deliver(): Generator<TailEvent, boolean> {
    let said = false;
    while (!this.ended && !this.behind && this.isSure()) {
      const batch = this.waiting.shift();
      if (!batch) break;
      this.waitingRows -= batch.rows.length;
      said = (yield* this.tell(batch)) || said;
    }
    return said;
  }

  /** From the position up to where the follower is; what it tells meanwhile waits. */
  private async *catchUp(): AsyncGenerator<TailEvent, boolean> {
    this.behind = false;
    this.forget();
    let said = false;
    try {
      for (const [writer, head] of this.follower.current()) {
        while (!this.ended && this.options.position.of(writer) < head) {
          if (!(await this.stands())) return said;
          const batches = await readBatches(this.database, writer, this.options.position.of(writer), head);
          for (const batch of batches) {
            said = (yield* this.tell({ ...batch, rows: batch.rows.filter(this.options.matches) })) || said;
          }
          if (batches.length === 0) this.options.position.finish(writer, head);
        }
      }
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      this.behind = true;
      await delay(RETRY_MS);
    }
    return said;
  }

  private *tell({ writer, no, rows }: LogBatch): Generator<TailEvent, boolean> {
    const { position } = this.options;
    let said = false;
    for (const row of rows) {
      if (position.isPast(row)) continue;
      yield { id: position.text(row), row };
      said = true;
    }
    if (no > position.of(writer)) position.finish(writer, no);
    return said;
  }

  private forget(): void {
    this.waiting = [];
    this.waitingRows = 0;
  }

  private isSure(): boolean {
    return performance.now() - this.stoodAt < STANDING_MS;
  }

  /** While the database does not answer nobody is told anything, and nobody is sent away. */
  private async stands(): Promise<boolean> {
    while (!this.ended && !this.isSure()) {
      try {
        const asked = performance.now();
        if (!(await this.options.stands())) return false;
        this.stoodAt = asked;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        await delay(RETRY_MS);
      }
    }
    return !this.ended;
  }

  private async rest(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, STANDING_MS);
    this.wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}

/** An event as it goes over the wire (HTML, section 9.2.5). */
export function eventText({ id, row }: TailEvent): string {
  if (!row) return `: still here\nid: ${id}\n\n`;
  return `event: request\nid: ${id}\ndata: ${JSON.stringify(presentRequest(row))}\n\n`;
}
