import { DatabaseUnavailable } from '../platform/errors/index.js';
import type { KeyCredential, QuotaState } from '../platform/http/index.js';
import { type AdmissionRow, quotaStateOf } from './admission-row.js';

/** What the database said of one request. */
export type Verdict =
  | { readonly kind: 'admitted'; readonly quota: QuotaState; readonly markedAt: string }
  /** Something the credential was decided on has changed: resolve it anew and decide again. */
  | { readonly kind: 'stale' }
  /** `upgrade`: the smallest plan that would have admitted the request; null where none would. */
  | { readonly kind: 'quota'; readonly quota: QuotaState; readonly upgrade: string | null }
  /** `nextAllowedAt`: milliseconds since the epoch, by the database clock. */
  | {
      readonly kind: 'polling';
      readonly quota: QuotaState;
      readonly nextAllowedAt: number;
      readonly upgrade: string | null;
    };

export interface PendingAdmission {
  readonly credential: KeyCredential;
  /** Requests to charge; 0 verifies the credential alone. */
  readonly cost: 0 | 1;
  /** Names identical requests; null where no polling interval applies. */
  readonly fingerprint: string | null;
  resolve(verdict: Verdict): void;
  reject(error: unknown): void;
}

/** The credentials of a batch, each once; and for each request the number of its own, from 1. */
export function distinctCredentials(batch: readonly PendingAdmission[]): {
  credentials: KeyCredential[];
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

/** Tells every request of a batch that the database did not decide on it. */
export function refuse(batch: readonly PendingAdmission[], error: unknown): void {
  const unavailable = new DatabaseUnavailable(error);
  for (const request of batch) request.reject(unavailable);
}

/**
 * Hands each request its verdict. The rows tell what was used before the batch; a request's own state counts
 * what was admitted before it, and itself.
 */
export function answer(
  batch: readonly PendingAdmission[],
  numbers: readonly number[],
  rows: readonly AdmissionRow[],
): void {
  const [verdicts, at, atMs, polledAtMs, upgrades] = rows[0] ?? [];
  if (!verdicts || !at || !atMs) return refuse(batch, 'admission answered no verdicts');
  const admitted = new Counter();
  const admittedOfKey = new Counter();
  batch.forEach((request, index) => {
    const row = rows[(numbers[index] ?? 0) - 1];
    if (!row) return request.reject(new DatabaseUnavailable('admission answered too few rows'));
    const letter = verdicts[index];
    if (letter === 's') return request.resolve({ kind: 'stale' });

    const { quotaSubject, keyId } = request.credential;
    const charged = letter === 'a' ? request.cost : 0;
    const quota = quotaStateOf(
      row,
      atMs,
      admitted.add(quotaSubject, charged),
      admittedOfKey.add(keyId, charged),
    );
    if (letter === 'a') return request.resolve({ kind: 'admitted', quota, markedAt: at });
    const upgrade = upgrades?.[index] ?? null;
    if (letter === 'q') return request.resolve({ kind: 'quota', quota, upgrade });
    // Refused because an identical request was admitted: earlier, or in this very batch.
    const [, , , , , pollSeconds] = row;
    const nextAllowedAt = (polledAtMs?.[index] ?? atMs) + pollSeconds * 1000;
    return request.resolve({ kind: 'polling', quota, nextAllowedAt, upgrade });
  });
}

/** Counts by name. */
class Counter {
  private readonly counts = new Map<string, number>();

  /** @returns what is counted under the name, this included */
  add(name: string, count: number): number {
    const sum = (this.counts.get(name) ?? 0) + count;
    if (count > 0) this.counts.set(name, sum);
    return sum;
  }
}
