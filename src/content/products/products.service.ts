import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { Transaction } from '../../platform/database/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import {
  type ContentOf,
  matching,
  type StoreCollection,
  StoreRecords,
} from '../../platform/records/index.js';
import type { ProductBody, ProductPatch } from './dto/product-body.js';
import type { ProductListQuery } from './dto/product-list-query.js';
import { type ProductView, viewOf } from './dto/product-view.js';
import { Product } from './product.entity.js';

/** The columns that the index `products_search` has. */
const SEARCHED = ['name', 'description'];

/** The products of one store at a time. */
@Injectable()
export class ProductsService {
  private readonly products: StoreCollection<Product, ProductView>;

  constructor(records: StoreRecords) {
    this.products = records.of({
      entity: Product,
      name: 'product',
      plural: 'products',
      unique: { products_sku: 'sku' },
      view: viewOf,
    });
  }

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: ProductListQuery): Promise<Page<ProductView>> {
    return this.products.page(store, query, fitting);
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<ProductView> {
    return this.products.get(store, id);
  }

  /** @throws Conflict for a SKU that is taken; what BusinessTransactions throws for its Idempotency-Key */
  create(context: RequestContext, store: StoreScope, body: ProductBody): Promise<ProductView> {
    return this.products.create(context, store, contentOf(body));
  }

  /** Puts a whole product in the place of another. @throws NotFound, PreconditionFailed, Conflict */
  replace(context: RequestContext, store: StoreScope, id: string, body: ProductBody): Promise<ProductView> {
    return this.products.change(context, store, id, contentOf(body));
  }

  /** Changes the given fields. @throws NotFound, PreconditionFailed, Conflict */
  update(context: RequestContext, store: StoreScope, id: string, patch: ProductPatch): Promise<ProductView> {
    return this.products.change(context, store, id, patch);
  }

  /** Of an import: products that are not there yet. @throws Conflict where one of them has come meanwhile */
  async importNew(tx: Transaction, store: StoreScope, bodies: readonly ProductBody[]): Promise<void> {
    await this.products.insertMany(tx, store, bodies.map(contentOf));
  }

  /** Of an import: changes the given fields of a locked product, and answers whether that changed anything. */
  async importChange(
    tx: Transaction,
    store: StoreScope,
    before: Product,
    patch: ProductPatch,
  ): Promise<boolean> {
    return (await this.products.save(tx, store, before, patch)) !== before;
  }

  /** @throws NotFound, PreconditionFailed */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.products.delete(context, store, id);
  }
}

/** A whole product: what a body leaves out is empty. */
function contentOf(body: ProductBody): ContentOf<Product> {
  return { ...body, stock: body.stock ?? null, url: body.url ?? null, imageUrl: body.imageUrl ?? null };
}

function fitting(
  builder: SelectQueryBuilder<Product>,
  { q, status, category, sku, inStock }: ProductListQuery,
): void {
  matching(builder, q, SEARCHED);
  if (status) builder.andWhere('product.status = :status', { status });
  if (category !== undefined) builder.andWhere('product.category = :category', { category });
  if (sku !== undefined) builder.andWhere('product.sku = :sku', { sku });
  if (inStock === true) builder.andWhere('(product.stock IS NULL OR product.stock > 0)');
  if (inStock === false) builder.andWhere('product.stock = 0');
}
