import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/index.js';

/** How many are held under one master secret. */
export interface HeldCount {
  /** The id of the master secret. */
  readonly masterId: string;
  readonly count: number;
  /** How many of them cannot be renewed yet; none where it is absent. */
  readonly waiting?: number;
  /** How many of them do not open although their master secret is configured: altered; none where it is absent. */
  readonly broken?: number;
}

/** One of those that are not under the current master secret, for whoever has to see to it. */
export interface HeldSecret {
  /** The public id of what it belongs to, e.g. `key_…`. */
  readonly id: string;
  readonly name: string;
  /** Whether it still lets anybody in. */
  readonly working: boolean;
  /** Whether `renew` can bring it under the current master secret as things are. */
  readonly renewable: boolean;
  /** It does not open: its master secret is not configured, or it was altered. */
  readonly broken?: boolean;
  readonly lastUsedAt: Date | null;
  /** When it ends by itself, where that is all that can be waited for. */
  readonly endsAt?: Date;
}

/** What is stored under a master secret, and can be brought under the current one. */
export interface SecretHolder {
  /** What is held, in words for a report, e.g. `key secrets`. */
  readonly name: string;
  /** How many are held under each master secret, by the id of that. */
  count(tx: Transaction): Promise<HeldCount[]>;
  /**
   * Brings at most `limit` of what is under another master secret under the current one; answers how many. Passes
   * over what cannot be renewed.
   */
  renew(tx: Transaction, limit: number): Promise<number>;
  /** At most `limit` of what is not under the current one, those that matter most first. */
  left?(tx: Transaction, limit: number): Promise<HeldSecret[]>;
}

/** Everything that a change of the master secret concerns. A feature registers its part in `onModuleInit`. */
@Injectable()
export class SecretHolders {
  private readonly holders: SecretHolder[] = [];

  register(holder: SecretHolder): void {
    this.holders.push(holder);
  }

  list(): readonly SecretHolder[] {
    return this.holders;
  }
}
