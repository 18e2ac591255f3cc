import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import { usageOf, UsageView } from '../../generation/usage-view.js';
import { IMAGE_SIZES, type ImageSet, type ImageSize } from '../image-set.entity.js';

/** Images that were made for one order. */
@ApiSchema({ name: 'ImageSet' })
export class ImageSetView {
  @ApiProperty({ type: 'string', pattern: idPattern('imageSet'), example: 'ims_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;
  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;
  @ApiProperty({ type: 'string', pattern: idPattern('job'), example: 'job_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  jobId!: string;
  @ApiProperty({ example: 'A blue mug on a wooden table, in the morning' }) prompt!: string;
  @ApiProperty({ type: 'string', nullable: true, example: 'MUG-1' }) sku!: string | null;
  @ApiProperty({ enum: IMAGE_SIZES, example: '1024x1024' }) size!: ImageSize;
  @ApiProperty({
    type: 'array',
    items: { type: 'string', pattern: idPattern('media') },
    description: 'The images, which are media from then on: some may have been deleted since.',
    example: ['med_01k0b3w2f7e1rt5m8v9xq4zj6d'],
  })
  mediaIds!: readonly string[];
  @ApiProperty({ description: 'Who made them.', example: 'built-in' }) provider!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'Null where it has none.', example: null })
  model!: string | null;
  @ApiProperty({ type: UsageView }) usage!: UsageView;
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;
}

export function viewOf(set: ImageSet): ImageSetView {
  const { prompt, sku, size, provider, model } = set;
  return {
    id: toPublicId('imageSet', set.id),
    storeId: toPublicId('store', set.storeId),
    jobId: toPublicId('job', set.jobId),
    ...{ prompt, sku, size, provider, model },
    mediaIds: set.mediaIds.map((id) => toPublicId('media', id)),
    usage: usageOf(set),
    createdAt: set.createdAt.toISOString(),
  };
}
