import { Injectable } from '@nestjs/common';
import { Database, takeTurn, type Transaction } from '../../platform/database/index.js';
import { assertMatches, etagOf } from '../../platform/http/etag.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import type { Tone, Voice } from '../generation/built-in/compose.js';
import { Brand } from './brand.entity.js';
import type { BrandBody } from './dto/brand-body.js';
import type { BrandView } from './dto/brand-view.js';

/** How stores want to be heard. */
@Injectable()
export class Brands {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
  ) {}

  /** Of a store where nobody has said anything: its name, plainly. */
  async get(store: StoreScope): Promise<BrandView> {
    return viewOf(await this.find(this.database.manager, store), await this.nameOf(store));
  }

  /** @throws PreconditionFailed; what BusinessTransactions throws */
  async replace(context: RequestContext, store: StoreScope, body: BrandBody): Promise<BrandView> {
    const storeName = await this.nameOf(store);
    return this.transactions.run(context, async (tx) => {
      await takeTurn(tx, `brand/${store.storeId}`);
      const before = await this.find(tx, store);
      assertMatches(context.ifMatch, etagOf(viewOf(before, storeName)));
      const now = new Date();
      const given = { name: body.name ?? '', tone: body.tone, words: body.words };
      if (!before) {
        const brand = {
          id: newUuid(),
          version: 1,
          storeId: store.storeId,
          ...given,
          createdAt: now,
          updatedAt: now,
        };
        await tx.insert(Brand, brand);
        return viewOf(brand, storeName);
      }
      const after = { ...before, ...given };
      if (etagOf(viewOf(after, storeName)) === etagOf(viewOf(before, storeName)))
        return viewOf(before, storeName);
      await tx.update(Brand, { id: before.id }, { ...given, updatedAt: now });
      return viewOf({ ...after, updatedAt: now }, storeName);
    });
  }

  /** @param tone instead of the brand's own */
  async voiceOf(store: StoreScope, tone?: Tone): Promise<Voice> {
    const brand = await this.get(store);
    return { brand: brand.name, tone: tone ?? brand.tone, words: brand.words };
  }

  private async find(tx: Transaction, { storeId }: StoreScope): Promise<Brand | undefined> {
    return (await tx.findOneBy(Brand, { storeId })) ?? undefined;
  }

  private async nameOf({ storeId }: StoreScope): Promise<string> {
    const [row] = await this.database.query<{ name: string }>('SELECT name FROM stores WHERE id = $1', [
      storeId,
    ]);
    return row?.name ?? '';
  }
}

function viewOf(brand: Brand | undefined, storeName: string): BrandView {
  return {
    name: brand?.name || storeName,
    tone: brand?.tone ?? 'plain',
    words: brand?.words ?? [],
    updatedAt: brand?.updatedAt.toISOString() ?? null,
  };
}
