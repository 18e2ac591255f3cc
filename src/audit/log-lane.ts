import type { ClientConfig } from 'pg';
import {
  isUnavailable,
  LaneConnection,
  MicroBatcher,
  sqlState,
  violatedConstraint,
} from '../platform/database/index.js';
import { AuditUnavailable } from '../platform/errors/index.js';
import { hoursOf, lastUsesOf, LevelNotes } from './batch-use.js';
import { type EvidentBatch, type RowEvidence, sealBatch, sealRow } from './evidence/seal-batch.js';
import { NO_HASH } from './evidence/batch-header.js';
import type { SigningKeys } from './evidence/signing-keys.js';
import { cleanRow } from './clean-row.js';
import { COLUMN_COUNT, encodeRows } from './log-columns.js';
import type { LogRow } from './log-row.js';

/** A row on its way to the log, and whoever waits for it. */
export interface PendingRow {
  readonly row: LogRow;
  /** Whether its key was let in by a level that it holds on the route's resource. */
  usedLevel: boolean;
  /** Milliseconds on the process's clock (performance.now) after which nobody waits any longer. */
  readonly deadline: number;
  /** The request may have changed something: what `applied` of a 503 says. */
  readonly mayHaveApplied: boolean;
  /** The lane's own: made when the row arrives, while the batch before it is under way. */
  evidence?: RowEvidence;
  /** The lane's own: when it arrived, on the process's clock. */
  arrivedAt?: number;
  /** Told once; cleared then. */
  done: ((error?: unknown) => void) | undefined;
}

export interface LogLaneOptions {
  /** Told of each committed batch: rows, and milliseconds from the statement to its commit. */
  onCommit(rows: number, milliseconds: number): void;
  /** Told of each failed attempt. */
  onFailure(error: unknown): void;
  /** Whose current key signs the batches. */
  readonly signingKeys: Pick<SigningKeys, 'current'>;
  /** Makes the partitions that a row found missing. */
  ensurePartitions(): Promise<void>;
}

const MAX_BATCH = 1_000;
const MAX_WAITING = 20_000;
const STATEMENT_TIMEOUT_MS = 4_000;
const WATCH_EVERY_MS = 250;
const RETRY_AFTER_MS = 100;

/** Writer, batch number, count and the header's six parts; the columns, with salt and leaf; the last use of each secret. */
const APPENDED = 9 + COLUMN_COUNT + 2 + 4;
/** Beside the writer: hours and levels of each key. */
const COUNTED = 6 + 4;
const parameters = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `$${from + i}`).join(', ');
// One statement, one transaction: what is counted is what is logged.
const APPEND = `SELECT audit_append(${parameters(1, APPENDED)}), audit_count_use($1, ${parameters(APPENDED + 1, COUNTED)})`;

/** A sealed batch; repeated under the same number until its fate is known. */
interface NumberedBatch extends EvidentBatch {
  /** The rows, and what they say of the use of keys. */
  readonly values: readonly unknown[];
}

/** What `audit_append` raises where a batch does not follow the last one of its writer. */
const CHAIN_BROKEN = 'GH002';

/**
 * One lane of the request log: one connection, one transaction under way, everything that arrived meanwhile
 * goes into the next. A row leaves the lane only when it is known to be committed.
 */
export class LogLane {
  private readonly connection: LaneConnection;
  private readonly batcher: MicroBatcher<PendingRow>;
  private readonly watch: NodeJS.Timeout;
  private readonly levels = new LevelNotes();
  private inFlight: readonly PendingRow[] = [];
  /** The slot that the connection holds, and the end of its chain. */
  private writer = 0;
  private lastBatchNo = 0;
  private lastHash = NO_HASH;
  private failedSince: number | undefined;
  private closing = false;

  constructor(
    config: ClientConfig,
    private readonly options: LogLaneOptions,
  ) {
    this.connection = new LaneConnection(
      {
        ...config,
        options: `${config.options ?? ''} -c synchronous_commit=on`,
        statement_timeout: STATEMENT_TIMEOUT_MS,
      },
      async (client) => {
        const { rows } = await client.query<{
          writer: number;
          last_batch_no: string;
          last_hash: Buffer | null;
        }>('SELECT writer, last_batch_no, last_hash FROM audit_claim_writer()');
        this.writer = rows[0]?.writer ?? 0;
        this.lastBatchNo = Number(rows[0]?.last_batch_no ?? 0);
        this.lastHash = rows[0]?.last_hash ?? NO_HASH;
      },
    );
    this.batcher = new MicroBatcher({
      run: (batch) => this.run(batch),
      maxBatch: MAX_BATCH,
      maxWaiting: MAX_WAITING,
    });
    this.watch = setInterval(() => this.releaseOverdue(), WATCH_EVERY_MS);
    this.watch.unref();
  }

  /** Whether the last attempt failed: then a request is refused before its handler runs. */
  get failing(): boolean {
    return this.failedSince !== undefined;
  }

  /** Milliseconds for which the oldest row has waited for its commit; 0 where none waits. */
  get lagMs(): number {
    const oldest = this.inFlight[0] ?? this.batcher.peek()[0];
    return oldest?.arrivedAt === undefined ? 0 : performance.now() - oldest.arrivedAt;
  }

  add(pending: PendingRow): void {
    if (this.batcher.add(pending)) {
      pending.evidence = sealRow(pending.row);
      pending.arrivedAt = performance.now();
      return;
    }
    tell(pending, new AuditUnavailable(pending.mayHaveApplied ? 'unknown' : false, 'the log queue is full'));
  }

  /** One empty statement through the lane's own connection: whether it could write now. */
  async probe(): Promise<void> {
    if (this.batcher.busy || this.batcher.size > 0) {
      if (this.failing) throw new Error('the last commit of the request log failed');
      return;
    }
    await this.connection.query({ text: 'SELECT 1', rowMode: 'array' });
    this.failedSince = undefined;
  }

  /**
   * Waits for everything under way, then ends the connection. Where the log cannot be written, that is until
   * nobody waits any longer: what was answered 503 may lack its row.
   */
  async close(): Promise<void> {
    this.closing = true;
    await this.batcher.idle();
    clearInterval(this.watch);
    await this.connection.close();
  }

  private async run(batch: PendingRow[]): Promise<void> {
    this.inFlight = batch;
    await this.commit(batch);
    this.inFlight = [];
  }

  /** Brings a batch into the log, however often that takes. */
  private async commit(batch: readonly PendingRow[]): Promise<void> {
    let numbered: NumberedBatch | undefined;
    for (;;) {
      const startedAt = performance.now();
      try {
        numbered ??= await this.number(batch);
        await this.append(numbered);
        this.settle(batch, numbered, performance.now() - startedAt);
        return;
      } catch (error) {
        const taken = numbered && violatedConstraint(error) === 'audit_batches_pk';
        if (numbered && (taken || sqlState(error) === CHAIN_BROKEN)) {
          const committed = taken ? await this.isCommitted(numbered).catch(() => undefined) : false;
          if (committed === true) {
            this.settle(batch, numbered, performance.now() - startedAt);
            return;
          }
          // Another process had taken the slot meanwhile: the number is its, ours is one further. Where the
          // connection was lost again, nothing is known yet, and the same number is tried once more.
          if (committed === false && (await this.findEnd())) numbered = undefined;
          else await pause(RETRY_AFTER_MS);
          continue;
        }
        this.options.onFailure(error);
        if (!isUnavailable(error) && (await this.mend(batch, error))) return;
        this.failedSince ??= startedAt;
        if (this.closing && !batch.some(isAwaited)) return;
        await pause(RETRY_AFTER_MS);
      }
    }
  }

  private async number(batch: readonly PendingRow[]): Promise<NumberedBatch> {
    const signer = await this.options.signingKeys.current();
    // A new connection may hold another slot: a batch is numbered in the one that is held, or it meets its holder's.
    await this.connection.ready();
    const rows = batch.map((pending) => pending.row);
    const place = { writer: this.writer, batchNo: this.lastBatchNo + 1, prevHash: this.lastHash };
    const evidence = batch.map((pending) => (pending.evidence ??= sealRow(pending.row)));
    const sealed = sealBatch(evidence, place, signer);
    return {
      ...sealed,
      values: [
        ...encodeRows(rows),
        sealed.salts,
        sealed.leaves,
        ...lastUsesOf(batch),
        ...hoursOf(batch),
        ...this.levels.of(batch),
      ],
    };
  }

  private async append({ header, signature, headerHash, values }: NumberedBatch): Promise<void> {
    const { writer, batchNo, rows, root, prevHash, sealedAt, signingKey } = header;
    await this.connection.query({
      name: 'append',
      rowMode: 'array',
      text: APPEND,
      values: [writer, batchNo, rows, root, prevHash, sealedAt, signingKey, signature, headerHash, ...values],
    });
  }

  private async isCommitted({ header, headerHash }: NumberedBatch): Promise<boolean> {
    const { rows } = await this.connection.query({
      text: 'SELECT header_hash FROM audit_batches WHERE writer = $1 AND batch_no = $2',
      values: [header.writer, header.batchNo],
      rowMode: 'array',
    });
    const stored = rows[0]?.[0];
    return Buffer.isBuffer(stored) && stored.equals(headerHash);
  }

  /** Looks where the chain of the lane's own slot ends; false where the database does not answer. */
  private async findEnd(): Promise<boolean> {
    try {
      await this.connection.ready();
      const { writer } = this;
      const { rows } = await this.connection.query({
        text: 'SELECT batch_no, header_hash FROM audit_batches WHERE writer = $1 ORDER BY batch_no DESC LIMIT 1',
        values: [writer],
        rowMode: 'array',
      });
      // Lost and opened again meanwhile: the new connection has looked where its own slot ends.
      if (writer !== this.writer) return true;
      const [batchNo, headerHash] = rows[0] ?? [];
      this.lastBatchNo = Number(batchNo ?? 0);
      this.lastHash = Buffer.isBuffer(headerHash) ? headerHash : NO_HASH;
      return true;
    } catch (error) {
      this.options.onFailure(error);
      return false;
    }
  }

  /** Tries to do something about a statement that PostgreSQL refused; true where the batch is in the log now. */
  private async mend(batch: readonly PendingRow[], error: unknown): Promise<boolean> {
    // "no partition found for row" is a check violation that names no constraint
    if (sqlState(error) === '23514' && violatedConstraint(error) === undefined) {
      await this.options.ensurePartitions().catch((failure: unknown) => this.options.onFailure(failure));
      return false;
    }
    if (!/^2[23]/.test(sqlState(error) ?? '')) return false;
    // One row poisons its batch: halve until it stands alone, then keep what can be kept of it.
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      for (const half of [batch.slice(0, middle), batch.slice(middle)]) await this.commit(half);
      return true;
    }
    const [only] = batch;
    if (!only || !cleanRow(only)) return false;
    await this.commit(batch);
    return true;
  }

  private settle(
    batch: readonly PendingRow[],
    { header, headerHash }: NumberedBatch,
    milliseconds: number,
  ): void {
    this.failedSince = undefined;
    // A batch of the slot that was held before the connection was lost ends another chain; and where that slot is
    // held again, others may have gone further meanwhile.
    if (header.writer === this.writer && header.batchNo > this.lastBatchNo) {
      this.lastBatchNo = header.batchNo;
      this.lastHash = headerHash;
    }
    this.levels.remember(batch);
    this.options.onCommit(batch.length, milliseconds);
    for (const { row } of batch.filter(({ done }) => !done)) this.correct(row);
    // The next batch is sent first, so that PostgreSQL works while these are answered.
    setImmediate(() => batch.forEach((pending) => tell(pending)));
  }

  /** The row came too late: its client was answered 503, and a second row says so. */
  private correct(row: LogRow): void {
    const correction: LogRow = { ...row, outcome: 'late', answered: 503, completes: row.request_id };
    this.batcher.add({
      row: correction,
      usedLevel: false,
      deadline: Infinity,
      mayHaveApplied: false,
      done: () => undefined,
    });
  }

  /** Nobody waits for ever: past its deadline a request is answered 503, and its row stays in the lane. */
  private releaseOverdue(): void {
    const now = performance.now();
    for (const rows of [this.inFlight, this.batcher.peek()]) {
      for (const pending of rows) {
        if (pending.deadline > now || !pending.done) continue;
        this.failedSince ??= now;
        tell(
          pending,
          new AuditUnavailable(pending.mayHaveApplied ? 'unknown' : false, 'the log missed its deadline'),
        );
      }
    }
  }
}

function tell(pending: PendingRow, error?: unknown): void {
  const { done } = pending;
  pending.done = undefined;
  done?.(error);
}

/** Whether a client still waits for the row. */
function isAwaited({ done, deadline }: PendingRow): boolean {
  return done !== undefined && deadline !== Infinity;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
