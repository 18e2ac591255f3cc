import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type FeedFormat, type FeedRow, readFeed } from '../../feeds/feed.js';
import { FeedInput } from '../../feeds/feed-input.js';
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

/** How far an import is. */
interface ImportState {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
}

const START: ImportState = { rows: 0, created: 0, updated: 0, unchanged: 0, refused: 0 };

/** The job `products.import`: takes a feed, row by row. */
@Injectable()
export class ProductsImport implements OnModuleInit {
  private readonly type: JobType<FeedInput, ImportState> = {
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
    run: (job) => this.run(job),
  };

  constructor(
    private readonly types: JobTypes,
    private readonly products: ProductsService,
  ) {}

  onModuleInit(): void {
    this.types.register(this.type);
  }

  private async run(job: RunningJob<FeedInput, ImportState>): Promise<object> {
    const { format, content }: { format: FeedFormat; content: string } = job.input;
    const { rows, ragged } = readFeed(format, content);
    const repeated = repeatedSkus(rows);
    let state = job.state ?? START;
    while (state.rows < rows.length) {
      const from = state.rows;
      const batch = rows.slice(from, from + STEP_ROWS);
      await job.step(async (tx) => {
        const known = await skusOf(tx, job.store, batch);
        const batchFaults: RowFault[] = [];
        const next = { ...state, rows: from + batch.length };
        const fresh: ProductBody[] = [];
        for (const [index, row] of batch.entries()) {
          const number = from + index + 1;
          const read = readRow(row, known, ragged.has(number), repeated.get(number));
          if ('faults' in read) {
            batchFaults.push(...read.faults.map((fault) => ({ row: number, ...fault })));
            next.refused += 1;
          } else if (read.before) {
            const changed = await this.products.importChange(tx, job.store, read.before, read.patch);
            next[changed ? 'updated' : 'unchanged'] += 1;
          } else {
            fresh.push(read.body);
            next.created += 1;
          }
        }
        await this.products.importNew(tx, job.store, fresh);
        state = next;
        return { done: next.rows, total: rows.length, state: next, faults: batchFaults };
      });
    }
    return { ...state, ignoredColumns: ignoredColumns(rows) };
  }
}

type ReadRow =
  | { readonly faults: readonly FieldError[] }
  | { readonly before: Product; readonly patch: ProductPatch }
  | { readonly before: undefined; readonly body: ProductBody };

function readRow(
  row: FeedRow,
  known: ReadonlyMap<string, Product>,
  ragged: boolean,
  firstRow: number | undefined,
): ReadRow {
  if (ragged)
    return { faults: [{ field: '', reason: 'has another number of cells than there are columns' }] };
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
  rows: readonly FeedRow[],
): Promise<Map<string, Product>> {
  const skus = rows.map((row) => productOf(row).fields.sku).filter((sku) => typeof sku === 'string');
  const products = await tx
    .createQueryBuilder(Product, 'product')
    .where('product.storeId = :storeId AND product.sku = ANY(:skus)', { storeId: store.storeId, skus })
    .orderBy('product.id')
    .setLock('pessimistic_write')
    .getMany();
  return new Map(products.map((product) => [product.sku, product]));
}
