import type { ClientConfig } from 'pg';
import { LaneConnection, MicroBatcher } from '../platform/database/index.js';
import { DatabaseUnavailable } from '../platform/errors/index.js';
import type { KeyCredential, QuotaState } from '../platform/http/index.js';
import { type AdmissionRow, quotaStateOf } from './quota-windows.js';

/** What the database said of one request. */
export type Verdict =
  | { readonly kind: 'admitted'; readonly quota: QuotaState; readonly markedAt: string }
  /** Something the credential was decided on has changed: resolve it anew and decide again. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'quota'; readonly quota: QuotaState }
  /** `nextAllowedAt`: milliseconds since the epoch, by the database clock. */
  | { readonly kind: 'polling'; readonly quota: QuotaState; readonly nextAllowedAt: number };

export interface PendingAdmission {
  readonly credential: KeyCredential;
  /** Requests to charge; 0 verifies the credential alone. */
  readonly cost: 0 | 1;
  /** Names identical requests; null where no polling interval applies. */
  readonly fingerprint: string | null;
  resolve(verdict: Verdict): void;
  reject(error: unknown): void;
}

interface PollingMarkToClear {
  readonly keyId: string;
  readonly fingerprint: string;
  /** As the database wrote it, in microseconds. */
  readonly at: string;
}

const MAX_BATCH = 1_000;
const MAX_WAITING = 20_000;
/** A stuck ledger row must not hold its lane for ever. */
const STATEMENT_TIMEOUT_MS = 4_000;

const ADMIT = `SELECT verdicts, at::text, poll_seconds, hour_limit, hour_used, day_limit, day_used,
  (extract(epoch FROM at) * 1000)::float8, (SELECT array_agg(extract(epoch FROM p) * 1000) FROM unnest(polled_at) AS p)::float8[]
FROM gate_admit($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** One lane of admission: one connection, one call of `gate_admit` under way, everybody else in the next. */
export class AdmissionLane {
  private readonly connection: LaneConnection;
  private readonly batcher: MicroBatcher<PendingAdmission>;
  private marksToClear: PollingMarkToClear[] = [];

  constructor(config: ClientConfig) {
    this.connection = new LaneConnection({ ...config, statement_timeout: STATEMENT_TIMEOUT_MS });
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
          array(batch.map((request) => request.fingerprint ?? 'NULL')),
          array(clear.map((mark) => mark.keyId)),
          array(clear.map((mark) => mark.fingerprint)),
          array(clear.map((mark) => `"${mark.at}"`)),
        ],
      });
      answer(batch, credentials, numbers, rows as AdmissionRow[]);
    } catch (error) {
      this.marksToClear.push(...clear);
      const unavailable = new DatabaseUnavailable(error);
      for (const request of batch) request.reject(unavailable);
    }
  }
}

/** An array of values that need no quoting, in PostgreSQL's own notation. */
function array(values: readonly (string | number)[]): string {
  return `{${values.join(',')}}`;
}

function distinctCredentials(batch: readonly PendingAdmission[]): {
  credentials: KeyCredential[];
  /** For each request the number of its credential, from 1. */
  numbers: number[];
} {
  const numberOf = new Map<KeyCredential, number>();
  const numbers = batch.map(({ credential }) => {
    let number = numberOf.get(credential);
    if (number === undefined) {
      number = numberOf.size + 1;
      numberOf.set(credential, number);
    }
    return number;
  });
  return { credentials: [...numberOf.keys()], numbers };
}

/**
 * Hands each request its verdict. The rows tell what was used before the batch; a request's own state counts
 * what was admitted before it, and itself.
 */
function answer(
  batch: readonly PendingAdmission[],
  credentials: readonly KeyCredential[],
  numbers: readonly number[],
  rows: readonly AdmissionRow[],
): void {
  const letters = rows[0]?.[0] ?? '';
  const polledAt = rows[0]?.[8];
  const admittedOf = new Map<string, number>();
  batch.forEach((request, index) => {
    const number = numbers[index] ?? 0;
    const row = rows[number - 1];
    const subject = credentials[number - 1]?.quotaSubject ?? '';
    if (!row) return request.reject(new DatabaseUnavailable('admission answered too few rows'));
    const letter = letters[index];
    if (letter === 's') return request.resolve({ kind: 'stale' });

    let admitted = admittedOf.get(subject) ?? 0;
    if (letter === 'a' && request.cost > 0) admittedOf.set(subject, (admitted += request.cost));
    const quota = quotaStateOf(row, admitted);
    if (letter === 'a') return request.resolve({ kind: 'admitted', quota, markedAt: row[1] });
    if (letter === 'q') return request.resolve({ kind: 'quota', quota });
    // Refused because an identical request was admitted: earlier, or in this very batch.
    const last = polledAt?.[index] ?? row[7];
    return request.resolve({ kind: 'polling', quota, nextAllowedAt: last + row[2] * 1000 });
  });
}
