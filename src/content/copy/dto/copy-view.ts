import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import { OBJECTIVES, type Objective } from '../../campaigns/campaign.entity.js';
import { type Tone, TONES } from '../../generation/built-in/compose.js';
import { usageOf, UsageView } from '../../generation/usage-view.js';
import { POST_PLATFORMS, type PostPlatform } from '../../posts/post-platforms.js';
import type { Copy } from '../copy.entity.js';

/** Texts that were made for one order: plain text, whatever marks are in it. */
@ApiSchema({ name: 'Copy' })
export class CopyView {
  @ApiProperty({ type: 'string', pattern: idPattern('copy'), example: 'cpy_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;
  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;
  @ApiProperty({ type: 'string', pattern: idPattern('job'), example: 'job_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  jobId!: string;
  @ApiProperty({ enum: OBJECTIVES, example: 'sales' }) goal!: Objective;
  @ApiProperty({ example: 'Our spring sale begins on Monday' }) about!: string;
  @ApiProperty({ type: [String], example: ['MUG-1'] }) skus!: readonly string[];
  @ApiProperty({ enum: POST_PLATFORMS, nullable: true, example: 'twitter' }) platform!: PostPlatform | null;
  @ApiProperty({ enum: TONES, example: 'plain' }) tone!: Tone;
  @ApiProperty({ example: 'en' }) language!: string;
  @ApiProperty({ type: [String], example: ['Blue mug, now for €12.90. See our shop.'] })
  texts!: readonly string[];
  @ApiProperty({ description: 'Who made it.', example: 'built-in' }) provider!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'Null where it has none.', example: null })
  model!: string | null;
  @ApiProperty({ type: UsageView }) usage!: UsageView;
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;
}

export function viewOf(copy: Copy): CopyView {
  const { goal, about, skus, platform, tone, language, texts, provider, model } = copy;
  return {
    id: toPublicId('copy', copy.id),
    storeId: toPublicId('store', copy.storeId),
    jobId: toPublicId('job', copy.jobId),
    ...{ goal, about, skus, platform, tone, language, texts, provider, model },
    usage: usageOf(copy),
    createdAt: copy.createdAt.toISOString(),
  };
}
