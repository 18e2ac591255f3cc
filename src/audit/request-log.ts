import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { clientConfig, DATABASE_CONNECTION, type DatabaseConnection } from '../platform/database/index.js';
import { type Outcome, type OutcomeRecorder, reaches, type RequestContext } from '../platform/http/index.js';
import { LOGGER } from '../platform/logging/index.js';
import { Metrics } from '../platform/metrics/index.js';
import { SigningKeys } from './evidence/signing-keys.js';
import { LogLane } from './log-lane.js';
import { type LogRow, logRowOf } from './log-row.js';
import { PartitionKeeper } from './partition-keeper.js';

/** How long an answer may wait for its row before it becomes a 503. */
const DEADLINE_MS = 5_000;

/** Answers that cannot have a row: the log, or the database under it, is what failed. Counted instead. */
const UNRECORDED = new Set(['AUDIT_UNAVAILABLE', 'DATABASE_UNAVAILABLE']);

/** Methods whose handlers change nothing. */
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The request log's intake: each finished request becomes one durable row before its answer leaves. One lane a
 * process: its batches grow with the load, and large ones cost least.
 */
@Injectable()
export class RequestLog implements OutcomeRecorder, OnApplicationShutdown {
  private readonly lane: LogLane;
  private readonly committed;
  private readonly commitSeconds;
  private readonly batchRows;
  private readonly failures;
  private readonly unrecorded;

  constructor(
    @Inject(DATABASE_CONNECTION) connection: DatabaseConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
    keeper: PartitionKeeper,
    signingKeys: SigningKeys,
  ) {
    this.committed = metrics.counter('gatehouse_log_rows_total', 'Rows committed to the request log');
    this.commitSeconds = metrics.histogram(
      'gatehouse_log_commit_seconds',
      'Time of one group commit of the request log',
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    );
    this.batchRows = metrics.histogram(
      'gatehouse_log_batch_rows',
      'Rows of one group commit of the request log',
      [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
    );
    metrics.reading(
      'gatehouse_log_lag_seconds',
      'For how long the oldest row has waited for its commit',
      () => this.lane.lagMs / 1000,
    );
    this.failures = metrics.counter(
      'gatehouse_log_failures_total',
      'Failed attempts to write the request log',
    );
    this.unrecorded = metrics.counter('gatehouse_log_unrecorded_total', 'Answers of 503 that have no row', [
      'code',
    ]);
    const options = {
      onCommit: (rows: number, milliseconds: number) => {
        this.committed.inc(rows);
        this.batchRows.observe(rows);
        this.commitSeconds.observe(milliseconds / 1000);
      },
      onFailure: (error: unknown) => {
        this.failures.inc();
        this.logger.error({ err: error }, 'the request log could not be written');
      },
      signingKeys,
      ensurePartitions: async () => {
        await keeper.ensure();
      },
    };
    this.lane = new LogLane(clientConfig(connection.url, 'request-log'), options);
  }

  /** Whether a request may begin: false while the log cannot be written. */
  get accepting(): boolean {
    return !this.lane.failing;
  }

  record(context: RequestContext, outcome: Outcome, done: (error?: unknown) => void): void {
    if (context.failure && UNRECORDED.has(context.failure.code)) {
      this.unrecorded.inc({ code: context.failure.code });
      return done();
    }
    this.lane.add({
      row: logRowOf(context, outcome),
      usedLevel: usedLevel(context),
      deadline: performance.now() + DEADLINE_MS,
      mayHaveApplied: context.handlerStarted && context.failure === undefined && !READS.has(context.method),
      done,
    });
  }

  complete(context: RequestContext, outcome: Outcome): void {
    const row = logRowOf(context, outcome);
    this.lane.add({
      row: { ...row, outcome: 'completed', completes: row.request_id },
      usedLevel: false,
      deadline: Infinity,
      mayHaveApplied: false,
      done: (error) => {
        if (error !== undefined) this.logger.error({ err: error }, 'a stream’s completion row was refused');
      },
    });
  }

  /** Appends a row that no request of this process made; settles when it is durable, however long that takes. */
  append(row: LogRow): Promise<void> {
    return new Promise((resolve, reject) => {
      this.lane.add({
        row,
        usedLevel: false,
        deadline: Infinity,
        mayHaveApplied: false,
        done: (error) => (error instanceof Error ? reject(error) : resolve()),
      });
    });
  }

  /** For readiness. @throws where the log cannot be written */
  probe(): Promise<void> {
    return this.lane.probe();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.lane.close();
  }
}

/**
 * Whether a key's request was let in by what its role grants: not where it was refused, and not where the key used
 * on itself what it needs no level for.
 */
function usedLevel({ principal, route, quotaCharged, handlerStarted }: RequestContext): boolean {
  if (principal?.kind !== 'key' || !route || route.resource === null) return false;
  if (quotaCharged === 0 && !handlerStarted) return false;
  return reaches(principal.effective(route.resource).level, route.level);
}
