import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';

/** One kind of thing that a store holds, and that a reset of a sandbox removes. */
export interface StoreContent {
  /** As the answer to a reset counts it, e.g. `campaigns`. */
  readonly name: string;
  /** Removes them from a store (UUID) and answers how many there were. */
  readonly clear: (tx: Transaction, storeId: string) => Promise<number>;
  /** What every request of the store waits for while it is locked: cleared after everything else. */
  readonly last?: boolean;
}

/** What stores hold. The features above say it, each for itself, in `onModuleInit`. */
@Injectable()
export class StoreContents {
  private readonly contents: StoreContent[] = [];

  /** @throws Error where the name is taken */
  register(content: StoreContent): void {
    if (this.contents.some(({ name }) => name === content.name)) {
      throw new Error(`Two contents of stores have the name ${content.name}.`);
    }
    this.contents.push(content);
  }

  /** Empties a store (UUID) and answers how much there was of what. */
  async clear(tx: Transaction, storeId: string): Promise<Record<string, number>> {
    const cleared: Record<string, number> = {};
    const inOrder = [
      ...this.contents.filter(({ last }) => !last),
      ...this.contents.filter(({ last }) => last),
    ];
    for (const { name, clear } of inOrder) cleared[name] = await clear(tx, storeId);
    return cleared;
  }
}
