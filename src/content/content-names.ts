import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import type { StoreScope } from '../platform/http/index.js';

/** Where the names of things stand, as SQL: what they are called, or how they begin. */
const NAMES: Readonly<Record<string, string>> = {
  campaign: 'SELECT id::text AS key, name FROM campaigns WHERE store_id = $1 AND id = ANY ($2::uuid[])',
  audience: 'SELECT id::text AS key, name FROM audiences WHERE store_id = $1 AND id = ANY ($2::uuid[])',
  post: `SELECT id::text AS key, coalesce(nullif(title, ''), left(caption, 80)) AS name
    FROM posts WHERE store_id = $1 AND id = ANY ($2::uuid[])`,
  product: 'SELECT sku AS key, name FROM products WHERE store_id = $1 AND sku = ANY ($2)',
};

/** What things of a store are called, for those who know them by their ids alone. */
@Injectable()
export class ContentNames {
  constructor(private readonly database: Database) {}

  /**
   * @param kind `campaign`, `audience` and `post` by UUID, `product` by SKU; what else there is has no name
   * @returns those that are still there
   */
  async of(
    { storeId }: Pick<StoreScope, 'storeId'>,
    kind: string,
    keys: readonly string[],
  ): Promise<Map<string, string>> {
    const query = NAMES[kind];
    if (query === undefined || keys.length === 0) return new Map();
    const rows = await this.database.query<{ key: string; name: string }>(query, [storeId, keys]);
    return new Map(rows.map(({ key, name }) => [key, name]));
  }
}
