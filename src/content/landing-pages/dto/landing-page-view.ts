import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import {
  type LandingPage,
  type LandingPageVersion,
  PAGE_STATUSES,
  type PageStatus,
} from '../landing-page.entity.js';
import type { Block } from '../page-content.js';
import { BlockBody } from './landing-page-body.js';

/** A page as it is answered: what is worked on. */
@ApiSchema({ name: 'LandingPage' })
export class LandingPageView {
  @ApiProperty({
    type: 'string',
    pattern: idPattern('landingPage'),
    example: 'lpg_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({ example: 'spring-sale' }) slug!: string;
  @ApiProperty({ description: 'Where everybody sees it, once it is published.', example: '/p/spring-sale' })
  path!: string;
  @ApiProperty({ example: 'Spring sale' }) title!: string;
  @ApiProperty({ example: 'Twenty percent off everything that grows.' }) description!: string;
  @ApiProperty({ type: [BlockBody] }) blocks!: Block[];
  @ApiProperty({ description: 'Whether its visits become analytics events.', example: true })
  analytics!: boolean;
  @ApiProperty({ enum: PAGE_STATUSES, example: 'PUBLISHED' }) status!: PageStatus;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The version that everybody sees.',
    example: 3,
  })
  publishedVersion!: number | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-02-12T08:30:00.000Z' })
  publishedAt!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  updatedAt!: string;
}

const shownBlock = (block: Block): Block =>
  block.mediaId === undefined ? block : { ...block, mediaId: toPublicId('media', block.mediaId) };

/** A row as the API answers it. */
export function viewOf(page: LandingPage): LandingPageView {
  const { slug, title, description, analytics, status, publishedVersion } = page;
  const blocks = page.blocks.map(shownBlock);
  return {
    id: toPublicId('landingPage', page.id),
    storeId: toPublicId('store', page.storeId),
    ...{ slug, path: `/p/${slug}`, title, description, blocks, analytics, status, publishedVersion },
    publishedAt: page.publishedAt?.toISOString() ?? null,
    createdAt: page.createdAt.toISOString(),
    updatedAt: page.updatedAt.toISOString(),
  };
}

/** What a page said when it was published. */
@ApiSchema({ name: 'LandingPageVersion' })
export class PageVersionView {
  @ApiProperty({ type: 'integer', description: 'Counted from 1.', example: 3 }) number!: number;
  @ApiProperty({ example: 'Spring sale' }) title!: string;
  @ApiProperty({ example: 'Twenty percent off everything that grows.' }) description!: string;
  @ApiProperty({ type: [BlockBody] }) blocks!: Block[];
  @ApiProperty({ description: 'Whether its visits become analytics events.', example: true })
  analytics!: boolean;
  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-12T08:30:00.000Z' })
  publishedAt!: string;
}

export const versionViewOf = ({
  number,
  title,
  description,
  blocks,
  analytics,
  createdAt,
}: LandingPageVersion): PageVersionView => ({
  ...{ number, title, description, blocks: blocks.map(shownBlock), analytics },
  publishedAt: createdAt.toISOString(),
});
