import {
  EnumField,
  IntegerField,
  NOT_BLANK,
  partialOf,
  TextField,
  TextListField,
} from '../../../platform/http/input/index.js';
import { WEB_ADDRESS } from '../../web-address.js';
import { CURRENCY } from '../../../platform/http/input/index.js';
import { PRODUCT_STATUSES, type ProductStatus } from '../product.entity.js';

/** A whole product, as POST and PUT take it. */
export class ProductBody {
  @TextField({
    max: 100,
    ...NOT_BLANK,
    description: 'The stock keeping unit: how the store calls it, once only.',
    example: 'MUG-BLUE-300',
  })
  sku!: string;

  @TextField({ max: 200, description: 'What people call it.', example: 'Blue mug, 300 ml' })
  name!: string;

  @TextField({
    min: 0,
    max: 10_000,
    multiline: true,
    default: '',
    description: 'What there is to say about it.',
    example: 'Stoneware, glazed by hand.',
  })
  description!: string;

  @EnumField({ values: PRODUCT_STATUSES, default: 'ACTIVE', description: 'Whether it is on sale.' })
  status!: ProductStatus;

  @IntegerField({
    min: 0,
    max: 1_000_000_000_000,
    description: 'The price in the smallest unit of its currency: cents, or yen.',
    example: 1_290,
  })
  priceMinor!: number;

  @TextField({ ...CURRENCY, description: 'Its currency, ISO 4217.', example: 'EUR' })
  currency!: string;

  @IntegerField({
    min: 0,
    max: 2_147_483_647,
    optional: true,
    nullable: true,
    description: 'How many there are; null where nobody counts.',
    example: 42,
  })
  stock?: number | null;

  @TextField({ min: 0, max: 200, default: '', description: 'What kind of thing it is.', example: 'Kitchen' })
  category!: string;

  @TextField({
    ...WEB_ADDRESS,
    optional: true,
    nullable: true,
    description: 'Where it is sold.',
    example: 'https://shop.example.com/mugs/blue',
  })
  url?: string | null;

  @TextField({
    ...WEB_ADDRESS,
    optional: true,
    nullable: true,
    description: 'What it looks like.',
    example: 'https://shop.example.com/mugs/blue.jpg',
  })
  imageUrl?: string | null;

  @TextListField({
    maxItems: 20,
    unique: true,
    item: { max: 50 },
    default: [],
    description: 'Words to find it by.',
    example: ['kitchen', 'gift'],
  })
  tags!: string[];
}

/** What PATCH takes: any of the fields; null clears those that can be empty. */
export class ProductPatch extends partialOf(ProductBody) {}
