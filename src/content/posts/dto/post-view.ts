import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId, toPublicIdOrNull } from '../../../platform/ids/index.js';
import { POST_PLATFORMS, type PostPlatform } from '../post-platforms.js';
import {
  type Post,
  POST_STATUSES,
  type PostStatus,
  type PostVariant,
  type Publication,
  PUBLICATION_STATUSES,
} from '../post.entity.js';
import { VariantBody } from './post-body.js';

/** What came of a post on one platform. */
@ApiSchema({ name: 'Publication' })
export class PublicationView implements Publication {
  @ApiProperty({ enum: POST_PLATFORMS, example: 'feed' }) platform!: PostPlatform;
  @ApiProperty({ enum: PUBLICATION_STATUSES, example: 'PUBLISHED' }) status!: Publication['status'];
  @ApiProperty({ type: 'integer', description: 'Tries so far.', example: 1 }) attempts!: number;
  @ApiProperty({ type: 'string', nullable: true, description: 'Why the last try failed.', example: null })
  error!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'Where it is seen.', example: null })
  url!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-03-01T09:00:01.000Z' })
  publishedAt!: string | null;
}

/** A post as it is answered. */
@ApiSchema({ name: 'Post' })
export class PostView {
  @ApiProperty({ type: 'string', pattern: idPattern('post'), example: 'pst_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({
    type: 'string',
    pattern: idPattern('campaign'),
    nullable: true,
    example: 'cmp_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  campaignId!: string | null;

  @ApiProperty({ example: 'Spring' }) title!: string;
  @ApiProperty({ example: 'Twenty percent off everything that grows.' }) caption!: string;
  @ApiProperty({ type: 'string', nullable: true, example: 'https://shop.example.com/spring' })
  link!: string | null;
  @ApiProperty({ enum: POST_PLATFORMS, isArray: true, example: ['feed', 'twitter'] })
  platforms!: PostPlatform[];
  @ApiProperty({ type: [VariantBody] }) variants!: PostVariant[];
  @ApiProperty({ type: [String], example: ['spring'] }) tags!: string[];
  @ApiProperty({
    type: 'array',
    items: { type: 'string', pattern: idPattern('media') },
    description: 'In the order in which they are shown.',
    example: ['med_01k0b3w2f7e1rt5m8v9xq4zj6d'],
  })
  mediaIds!: string[];

  @ApiProperty({
    enum: POST_STATUSES,
    description: '`FAILED` where any platform did not take it; `publications` says which.',
    example: 'PUBLISHED',
  })
  status!: PostStatus;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-03-01T09:00:00.000Z' })
  scheduledFor!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the first platform had it.',
    example: '2026-03-01T09:00:01.000Z',
  })
  publishedAt!: string | null;

  @ApiProperty({ type: [PublicationView] }) publications!: Publication[];

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  updatedAt!: string;
}

/** A row as the API answers it. */
export function viewOf(post: Post): PostView {
  const { title, caption, link, platforms, tags, status, publications } = post;
  return {
    id: toPublicId('post', post.id),
    storeId: toPublicId('store', post.storeId),
    campaignId: toPublicIdOrNull('campaign', post.campaignId),
    ...{ title, caption, link, platforms, tags, status, publications },
    variants: post.variants.map(({ mediaIds, ...variant }) =>
      mediaIds ? { ...variant, mediaIds: publicIds(mediaIds) } : variant,
    ),
    mediaIds: publicIds(post.mediaIds),
    scheduledFor: post.scheduledFor?.toISOString() ?? null,
    publishedAt: post.publishedAt?.toISOString() ?? null,
    createdAt: post.createdAt.toISOString(),
    updatedAt: post.updatedAt.toISOString(),
  };
}

const publicIds = (ids: readonly string[]): string[] => ids.map((id) => toPublicId('media', id));
