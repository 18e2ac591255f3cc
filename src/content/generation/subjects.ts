import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { JobFailed } from '../../jobs/index.js';
import { Database } from '../../platform/database/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { Product } from '../products/product.entity.js';
import type { Subject } from './built-in/compose.js';

/** The products of a store, as what texts and images can be about. */
@Injectable()
export class Subjects {
  constructor(private readonly database: Database) {}

  /** Those on sale, the newest first. */
  newest({ storeId }: StoreScope, most: number): Promise<Subject[]> {
    return this.database.manager.find(Product, {
      where: { storeId, status: 'ACTIVE' },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: most,
    });
  }

  /** Those that are named, on sale or not, in that order. @throws JobFailed `PRODUCT_UNKNOWN` */
  async named({ storeId }: StoreScope, skus: readonly string[]): Promise<Subject[]> {
    const found = await this.database.manager.findBy(Product, { storeId, sku: In([...skus]) });
    return skus.map((sku) => {
      const product = found.find((each) => each.sku === sku);
      if (!product) throw new JobFailed('PRODUCT_UNKNOWN', `There is no product with the SKU ${sku}.`);
      return product;
    });
  }
}
