import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { FeedRow } from '../../feeds/feed.js';
import { FeedInput } from '../../feeds/feed-input.js';
import { FeedSource } from '../../feeds/feed-source.js';
import { faultsAt, type ImportState, type NumberedRow, type Taken, takeFeed } from '../../feeds/take-feed.js';
import { JobTypes, type JobType, type RowFault, type RunningJob } from '../../../jobs/index.js';
import type { Transaction } from '../../../platform/database/index.js';
import { faultsOf, type FieldError } from '../../../platform/errors/index.js';
import type { StoreScope } from '../../../platform/http/index.js';
import { readInput } from '../../../platform/http/input/index.js';
import { ProductBody, ProductPatch } from '../dto/product-body.js';
import { Product } from '../product.entity.js';
import { ProductsService } from '../products.service.js';
import { ignoredColumns, productOf } from './feed-product.js';

/** Rows that one step takes. */
const STEP_ROWS = 200;

/** What rows came to. */
type Counts = Record<'created' | 'updated' | 'unchanged', number>;

/** The job `products.import`: takes a feed, row by row. */
@Injectable()
export class ProductsImport implements OnModuleInit {
  private readonly type: JobType<FeedInput, ImportState<Counts>> = {
    type: 'products.import',
    description:
      'Takes a product feed. A row whose `sku` is new makes a product; of one that is known, the given fields are ' +
      'changed. Columns: `sku` (or `id`), `name` (`title`), `description`, `price` (`12.90 EUR`) or `priceMinor`, ' +
      '`currency`, `stock` (`quantity`), `status`, `category` (`product_type`), `url` (`link`), `imageUrl` ' +
      '(`image_link`), `tags` (`a|b`). A row with a fault is passed over and reported.',
    resource: 'content.products',
    level: 'write',
    input: FeedInput,
    content: 'content',
    check: (input) => this.source.check(input),
    run: (job) => this.run(job),
  };

  constructor(
    private readonly types: JobTypes,
    private readonly source: FeedSource,
    private readonly products: ProductsService,
  ) {}

  onModuleInit(): void {
    this.types.register(this.type);
  }

  private async run(job: RunningJob<FeedInput, ImportState<Counts>>): Promise<object> {
    let repeated: Map<number, number> | undefined;
    const { state, rows } = await takeFeed(this.source, job, {
      rowsPerStep: STEP_ROWS,
      start: { created: 0, updated: 0, unchanged: 0 },
      take: (tx, batch, feed) => {
        repeated ??= repeatedSkus(feed);
        return this.take(tx, job.store, batch, repeated);
      },
    });
    return { ...state, ignoredColumns: ignoredColumns(rows) };
  }

  private async take(
    tx: Transaction,
    store: StoreScope,
    batch: readonly NumberedRow[],
    repeated: ReadonlyMap<number, number>,
  ): Promise<Taken<Counts>> {
    const known = await skusOf(tx, store, batch);
    const faults: RowFault[] = [];
    const fresh: ProductBody[] = [];
    const counts = { created: 0, updated: 0, unchanged: 0 };
    for (const { number, row } of batch) {
      const read = readRow(row, known, repeated.get(number));
      if ('faults' in read) {
        faults.push(...faultsAt(number, read.faults));
      } else if (read.before) {
        const changed = await this.products.importChange(tx, store, read.before, read.patch);
        counts[changed ? 'updated' : 'unchanged'] += 1;
      } else {
        fresh.push(read.body);
        counts.created += 1;
      }
    }
    await this.products.importNew(tx, store, fresh);
    return { counts, faults };
  }
}

type ReadRow =
  | { readonly faults: readonly FieldError[] }
  | { readonly before: Product; readonly patch: ProductPatch }
  | { readonly before: undefined; readonly body: ProductBody };

function readRow(row: FeedRow, known: ReadonlyMap<string, Product>, firstRow: number | undefined): ReadRow {
  const { fields, columns, faults } = productOf(row);
  if (firstRow !== undefined) {
    return { faults: [{ field: columns.get('sku') ?? 'sku', reason: `is that of row ${firstRow} already` }] };
  }
  if (faults.length > 0) return { faults };
  const before = typeof fields.sku === 'string' ? known.get(fields.sku) : undefined;
  const read = faultsOf(() =>
    before ? readInput(ProductPatch, fields, 'body') : readInput(ProductBody, fields, 'body'),
  );
  if ('faults' in read) {
    return {
      faults: read.faults.map((fault) => ({ ...fault, field: columns.get(fault.field) ?? fault.field })),
    };
  }
  return before ? { before, patch: read.value } : { before: undefined, body: read.value as ProductBody };
}

/** Of each row whose SKU an earlier one has, that earlier row; both counted from 1. */
function repeatedSkus(rows: readonly FeedRow[]): Map<number, number> {
  const first = new Map<string, number>();
  const repeated = new Map<number, number>();
  for (const [index, row] of rows.entries()) {
    const { sku } = productOf(row).fields;
    if (typeof sku !== 'string') continue;
    const earlier = first.get(sku);
    if (earlier === undefined) first.set(sku, index + 1);
    else repeated.set(index + 1, earlier);
  }
  return repeated;
}

/** The products that a batch names, which nobody else changes until the transaction ends. */
async function skusOf(
  tx: Transaction,
  store: StoreScope,
  batch: readonly NumberedRow[],
): Promise<Map<string, Product>> {
  const skus = batch.map(({ row }) => productOf(row).fields.sku).filter((sku) => typeof sku === 'string');
  const products = await tx
    .createQueryBuilder(Product, 'product')
    .where('product.storeId = :storeId AND product.sku = ANY(:skus)', { storeId: store.storeId, skus })
    .orderBy('product.id')
    .setLock('pessimistic_write')
    .getMany();
  return new Map(products.map((product) => [product.sku, product]));
}
