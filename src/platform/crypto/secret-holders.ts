import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/index.js';

/** What is stored under a master secret, and can be brought under the current one. */
export interface SecretHolder {
  /** What is held, in words for a report, e.g. `key secrets`. */
  readonly name: string;
  /** How many are held under each master secret, by the id of that. */
  count(tx: Transaction): Promise<{ masterId: string; count: number }[]>;
  /** Brings at most `limit` of what is under another master secret under the current one; answers how many. */
  renew(tx: Transaction, limit: number): Promise<number>;
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
