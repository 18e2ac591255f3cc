import { EnumField, IntegerField, NOT_BLANK, TextField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { ProviderField } from '../../generation/provider-field.js';
import { IMAGE_SIZES, type ImageSize } from '../image-set.entity.js';

/** Images that are asked for. */
export class ImagesInput {
  @TextField({
    ...NOT_BLANK,
    max: 1_000,
    description: 'What is to be seen; the built-in provider writes it on a card.',
    example: 'A blue mug on a wooden table, in the morning',
  })
  prompt!: string;

  @TextField({
    max: 100,
    optional: true,
    description: 'The product that it is of, by its SKU.',
    example: 'MUG-1',
  })
  sku?: string;

  @EnumField({ values: IMAGE_SIZES, default: '1024x1024', description: 'Width and height, in pixels.' })
  size!: ImageSize;

  @IntegerField({ min: 1, max: 4, default: 1, description: 'How many, at most.' }) count!: number;

  @TextField({
    min: 0,
    max: 1_000,
    optional: true,
    description: 'What is to be seen, for those who cannot; left out, the prompt.',
    example: 'A blue mug.',
  })
  alt?: string;

  @ProviderField() provider?: string;
}

const ORDERS = ['createdAt'] as const;

export class ImageSetListQuery extends ListQuery {
  @SearchField() q?: string;
  @TextField({ max: 100, optional: true, description: 'Only images of this product, by its SKU.' })
  sku?: string;
  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];
}
