import { EnumField, FlagField, TextField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { PRODUCT_STATUSES, type ProductStatus } from '../product.entity.js';

/** Properties of the entity that the list can be ordered by. */
export const PRODUCT_ORDERS = ['createdAt', 'updatedAt', 'name', 'sku', 'priceMinor', 'stock'] as const;

export class ProductListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: PRODUCT_STATUSES, optional: true, description: 'Only products of this status.' })
  status?: ProductStatus;

  @TextField({ max: 200, optional: true, description: 'Only products of this category, as it is written.' })
  category?: string;

  @TextField({ max: 100, optional: true, description: 'Only the product of this SKU, as it is written.' })
  sku?: string;

  @FlagField({
    optional: true,
    description:
      'Only products that there are some of, or that nobody counts; `false`: only those that are gone.',
  })
  inStock?: boolean;

  @EnumField({
    values: PRODUCT_ORDERS,
    default: 'createdAt',
    description: 'What the list is ordered by. Products that nobody counts come last by `stock`.',
  })
  sortBy!: (typeof PRODUCT_ORDERS)[number];
}
