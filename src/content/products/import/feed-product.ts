import type { FieldError } from '../../../platform/errors/index.js';
import type { FeedRow } from '../../feeds/feed.js';
import { readPrice } from '../../price.js';

/** A product's fields by the names that feeds have for them: ours, and those of the usual shopping feeds. */
const FIELDS: Readonly<Record<string, string>> = {
  sku: 'sku',
  id: 'sku',
  name: 'name',
  title: 'name',
  description: 'description',
  status: 'status',
  price: 'price',
  priceMinor: 'priceMinor',
  currency: 'currency',
  stock: 'stock',
  quantity: 'stock',
  inventory: 'stock',
  category: 'category',
  product_type: 'category',
  url: 'url',
  link: 'url',
  imageUrl: 'imageUrl',
  image_link: 'imageUrl',
  image_url: 'imageUrl',
  tags: 'tags',
};

/** A row as a body's fields, not yet looked at; and the columns that it was made of, by field. */
export interface FeedProduct {
  readonly fields: Record<string, unknown>;
  readonly columns: ReadonlyMap<string, string>;
  readonly faults: readonly FieldError[];
}

/** Columns that are nothing to a product. */
export function ignoredColumns(rows: readonly FeedRow[]): string[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].filter((name) => !Object.hasOwn(FIELDS, name)).sort();
}

/** Makes of a feed's row what the API takes. What a text stands for is read here; the rest, the API's own rules decide. */
export function productOf(row: FeedRow): FeedProduct {
  const fields: Record<string, unknown> = {};
  const columns = new Map<string, string>();
  const faults: FieldError[] = [];
  for (const [column, value] of Object.entries(row)) {
    const field = Object.hasOwn(FIELDS, column) ? FIELDS[column] : undefined;
    if (field === undefined) continue;
    if (columns.has(field)) faults.push({ field: column, reason: `says the same as ${columns.get(field)}` });
    columns.set(field, column);
    fields[field] = readValue(field, value);
  }
  const { price } = fields;
  if (price !== undefined) {
    delete fields.price;
    const currency = typeof fields.currency === 'string' ? fields.currency : undefined;
    const text = typeof price === 'number' ? String(price) : price;
    const read = readPrice(typeof text === 'string' ? text : '', currency);
    if (typeof read === 'string') faults.push({ field: columns.get('price') ?? 'price', reason: read });
    else Object.assign(fields, read);
  }
  return { fields, columns, faults };
}

function readValue(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if ((field === 'stock' || field === 'priceMinor') && /^\d{1,15}$/.test(value)) return Number(value);
  if (field === 'tags')
    return [...new Set(value.split('|').map((tag) => tag.trim()))].filter((tag) => tag !== '');
  return value;
}
