import { createHash, type Hash } from 'node:crypto';
import { headerHash } from '../evidence/batch-header.js';
import type { Findings, PurgedDay } from './findings.js';
import type { TrustedKeys } from './trusted-keys.js';

/** The record of a purge. */
export interface PurgeLine {
  readonly type: 'purge';
  readonly canonical: string;
  /** In hex, as the hash. */
  readonly signature: string;
  readonly hash: string;
}

/** What a purge took of a batch. */
export interface PurgedLine {
  readonly type: 'purged';
  readonly no: number;
  readonly writer: number;
  readonly batch_no: number;
  readonly rows: number;
}

interface Purge extends PurgedDay {
  readonly digest: string;
  readonly batches: Hash;
  counted: number;
}

const NO_HASH = '0'.repeat(64);

/** Checks the records of purges: only what they say is gone by policy. */
export class PurgeCheck {
  private readonly purges = new Map<number, Purge>();
  private prev = NO_HASH;

  constructor(
    private readonly keys: TrustedKeys,
    private readonly findings: Findings,
  ) {}

  get days(): PurgedDay[] {
    return [...this.purges.values()].map(({ no, log, day, policy, rows }) => ({
      no,
      log,
      day,
      policy,
      rows,
    }));
  }

  /** Takes the next record, before all that it took. */
  record(line: PurgeLine): void {
    const purge = readPurge(line.canonical);
    if (!purge) return this.tell('unreadable', 'The record of a purge cannot be read.');
    const { no, prev, signingKey, ...rest } = purge;
    const hash = headerHash(line.canonical).toString('hex');
    const signed = this.keys.check(line.canonical, line.signature, signingKey);
    if (signed === 'no' || hash !== line.hash) {
      return this.tell('altered', `The record of purge ${no} is not the one that was signed.`);
    }
    if (signed === 'untrusted') {
      return this.tell(
        'untrusted',
        `The record of purge ${no} is signed by ${signingKey}, which nobody trusts.`,
      );
    }
    if (no !== this.purges.size + 1 || prev !== this.prev) {
      this.tell('missing', `Records of purges before ${no} are not there.`);
    }
    this.prev = hash;
    this.purges.set(no, { ...rest, no, batches: createHash('sha256'), counted: 0 });
  }

  /** @returns how many rows of the batch are gone by policy */
  purged({ no, writer, batch_no, rows }: PurgedLine): number {
    const purge = this.purges.get(no);
    if (!purge) return 0;
    purge.batches.update(`${writer}:${batch_no}:${rows}\n`);
    purge.counted += rows;
    return rows;
  }

  /** When all was given. */
  close(): void {
    for (const { no, digest, batches, counted, rows } of this.purges.values()) {
      if (batches.digest('hex') !== digest || counted !== rows) {
        this.tell('altered', `What purge ${no} took is not what its record says.`);
      }
    }
  }

  private tell(kind: 'altered' | 'missing' | 'untrusted' | 'unreadable', message: string): void {
    this.findings.add({ kind, log: 'purges', message });
  }
}

function readPurge(
  canonical: string,
): (Omit<Purge, 'batches' | 'counted'> & { prev: string; signingKey: string }) | undefined {
  try {
    const { no, prev, day, log, policy, rows, batches_digest, signing_key, type } = JSON.parse(
      canonical,
    ) as Record<string, unknown>;
    if (type !== 'gatehouse/purge/v1' || typeof no !== 'number' || typeof rows !== 'number') return undefined;
    if (typeof prev !== 'string' || typeof day !== 'string' || typeof log !== 'string') return undefined;
    if (typeof policy !== 'string' || typeof batches_digest !== 'string' || typeof signing_key !== 'string') {
      return undefined;
    }
    return { no, prev, day, log, policy, rows, digest: batches_digest, signingKey: signing_key };
  } catch {
    return undefined;
  }
}
