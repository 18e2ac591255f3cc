import type { ClientConfig } from 'pg';
import { LaneConnection, MicroBatcher, sqlState } from '../platform/database/index.js';
import { DatabaseUnavailable } from '../platform/errors/index.js';
import { answer, distinctCredentials, type PendingAdmission, refuse } from './admission-batch.js';
import { ADMIT, type AdmissionRow } from './admission-row.js';

interface PollingMarkToClear {
  readonly keyId: string;
  readonly fingerprint: string;
  /** As the database wrote it, in microseconds. */
  readonly at: string;
}

export interface AdmissionLaneOptions {
  /** How to connect. */
  readonly config: ClientConfig;
  /** How long a batch waits for ledger rows that somebody holds, in milliseconds. */
  readonly patienceMs: number;
  /** Takes over the requests whose rows a batch did not get in that time. */
  readonly setAside: (requests: PendingAdmission[], error: unknown) => void;
}

const MAX_BATCH = 1_000;
const MAX_WAITING = 20_000;
/** Whatever else may hold a statement up must not do so for ever. */
const STATEMENT_TIMEOUT_MS = 4_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** The rows of a batch that nobody else holds. */
const FREE_SUBJECTS = `SELECT subject FROM quota_ledger WHERE subject = ANY ($1::uuid[]) FOR NO KEY UPDATE SKIP LOCKED`;

/** One lane of admission: one connection, one call of `gate_admit` under way, everybody else in the next. */
export class AdmissionLane {
  private readonly connection: LaneConnection;
  private readonly batcher: MicroBatcher<PendingAdmission>;
  private marksToClear: PollingMarkToClear[] = [];

  constructor(private readonly options: AdmissionLaneOptions) {
    this.connection = new LaneConnection({
      ...options.config,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: options.patienceMs,
    });
    this.batcher = new MicroBatcher({
      run: (batch) => this.run(batch),
      maxBatch: MAX_BATCH,
      maxWaiting: MAX_WAITING,
    });
  }

  add(request: PendingAdmission): void {
    if (!this.batcher.add(request)) request.reject(new DatabaseUnavailable('the admission queue is full'));
  }

  clearPollingMark(mark: PollingMarkToClear): void {
    this.marksToClear.push(mark);
  }

  async close(): Promise<void> {
    await this.batcher.idle();
    await this.connection.close();
  }

  private async run(batch: PendingAdmission[]): Promise<void> {
    try {
      await this.admit(batch);
    } catch (error) {
      if (isHeld(error)) await this.admitFree(batch, error);
      else refuse(batch, error);
    }
  }

  /** Somebody holds a row of the batch: whose rows are free go on, the others are set aside. */
  private async admitFree(batch: PendingAdmission[], held: unknown): Promise<void> {
    let free: PendingAdmission[];
    try {
      const subjects = await this.freeSubjectsOf(batch);
      free = batch.filter(({ credential }) => subjects.has(credential.quotaSubject));
      if (free.length > 0) await this.admit(free);
    } catch (error) {
      if (!isHeld(error)) return refuse(batch, error);
      free = [];
    }
    const admitted = new Set(free);
    this.options.setAside(
      batch.filter((request) => !admitted.has(request)),
      held,
    );
  }

  private async freeSubjectsOf(batch: readonly PendingAdmission[]): Promise<ReadonlySet<unknown>> {
    const subjects = [...new Set(batch.map(({ credential }) => credential.quotaSubject))];
    const { rows } = await this.connection.query({
      rowMode: 'array',
      text: FREE_SUBJECTS,
      values: [array(subjects)],
    });
    return new Set(rows.map(([subject]) => subject));
  }

  /** Asks the database, and hands each request its verdict. */
  private async admit(batch: readonly PendingAdmission[]): Promise<void> {
    const { credentials, numbers } = distinctCredentials(batch);
    const clear = this.marksToClear;
    this.marksToClear = [];
    try {
      const { rows } = await this.connection.query({
        name: 'admit',
        rowMode: 'array',
        text: ADMIT,
        values: [
          array(credentials.map((c) => c.secretId)),
          array(credentials.map((c) => c.quotaSubject)),
          array(credentials.map((c) => c.versionStamp)),
          array(numbers),
          array(batch.map((request) => request.cost)),
          fingerprints(batch),
          array(clear.map((mark) => mark.keyId)),
          array(clear.map((mark) => mark.fingerprint)),
          array(clear.map((mark) => `"${mark.at}"`)),
        ],
      });
      answer(batch, numbers, rows as AdmissionRow[]);
    } catch (error) {
      this.marksToClear.push(...clear);
      throw error;
    }
  }
}

/** Whether a statement ended because somebody held a row for longer than the lane waits. */
function isHeld(error: unknown): boolean {
  return sqlState(error) === LOCK_NOT_AVAILABLE;
}

/** The polling fingerprints of a batch; most have none at all, and an array that ends early is read as nulls. */
function fingerprints(batch: readonly PendingAdmission[]): string {
  if (batch.every(({ fingerprint }) => fingerprint === null)) return '{}';
  return array(batch.map(({ fingerprint }) => fingerprint ?? 'NULL'));
}

/** An array of values that need no quoting, in PostgreSQL's own notation. */
function array(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}
