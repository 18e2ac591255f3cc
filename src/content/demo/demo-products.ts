import { newUuid } from '../../platform/ids/index.js';
import type { Product } from '../products/product.entity.js';
import { PRODUCTS } from './demo-campaigns.js';
import type { Random } from '../random.js';

const KINDS = ['classic', 'small', 'large', 'gift set', 'limited edition'] as const;
const CATEGORIES = ['Outdoor', 'Kitchen', 'Home', 'Gifts'] as const;

type NewProduct = Omit<Product, 'version'>;

/** A shop's range: each product in its kinds, most of them on sale. */
export function demoProducts(storeId: string, random: Random, now: Date): NewProduct[] {
  return PRODUCTS.flatMap((product, index) =>
    KINDS.slice(0, random.between(2, KINDS.length)).map((kind, place): NewProduct => ({
      id: newUuid(),
      storeId,
      sku: `${product.toUpperCase().replace(/[^A-Z]+/g, '-')}-${place + 1}`,
      name: `${product.charAt(0).toUpperCase()}${product.slice(1)}, ${kind}`,
      description: `Our ${product}: made to last, and to be repaired.`,
      status: random.chance(0.1) ? 'ARCHIVED' : 'ACTIVE',
      priceMinor: random.between(9, 240) * 50,
      currency: 'EUR',
      stock: random.chance(0.2) ? null : random.between(0, 120),
      category: CATEGORIES[index % CATEGORIES.length] ?? 'Gifts',
      url: null,
      imageUrl: null,
      tags: random.chance(0.3) ? ['gift'] : [],
      createdAt: now,
      updatedAt: now,
    })),
  );
}
