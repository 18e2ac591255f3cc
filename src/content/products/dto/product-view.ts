import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import { type Product, PRODUCT_STATUSES, type ProductStatus } from '../product.entity.js';

/** A product as it is answered. */
@ApiSchema({ name: 'Product' })
export class ProductView {
  @ApiProperty({ type: 'string', pattern: idPattern('product'), example: 'prd_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({ example: 'MUG-BLUE-300' }) sku!: string;
  @ApiProperty({ example: 'Blue mug, 300 ml' }) name!: string;
  @ApiProperty({ example: 'Stoneware, glazed by hand.' }) description!: string;
  @ApiProperty({ enum: PRODUCT_STATUSES, example: 'ACTIVE' }) status!: ProductStatus;

  @ApiProperty({
    type: 'integer',
    format: 'int64',
    description: 'In the smallest unit of the currency.',
    example: 1_290,
  })
  priceMinor!: number;

  @ApiProperty({ description: 'ISO 4217.', example: 'EUR' }) currency!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null where nobody counts.', example: 42 })
  stock!: number | null;

  @ApiProperty({ example: 'Kitchen' }) category!: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'https://shop.example.com/mugs/blue' })
  url!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: 'https://shop.example.com/mugs/blue.jpg' })
  imageUrl!: string | null;

  @ApiProperty({ type: [String], example: ['kitchen', 'gift'] }) tags!: string[];

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  updatedAt!: string;
}

/** A row as the API answers it: public ids, times as RFC 3339. */
export function viewOf(product: Product): ProductView {
  const { sku, name, description, status, priceMinor, currency, stock } = product;
  const { category, url, imageUrl, tags } = product;
  return {
    id: toPublicId('product', product.id),
    storeId: toPublicId('store', product.storeId),
    ...{ sku, name, description, status, priceMinor, currency, stock, category, url, imageUrl, tags },
    createdAt: product.createdAt.toISOString(),
    updatedAt: product.updatedAt.toISOString(),
  };
}
