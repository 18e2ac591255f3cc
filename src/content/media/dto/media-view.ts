import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import { type Media, MEDIA_STATUSES, type MediaStatus } from '../media.entity.js';
import { MEDIA_TYPES, type MediaType } from '../media-types.js';

/** A file as it is answered; its bytes are at `/content`. */
@ApiSchema({ name: 'Media' })
export class MediaView {
  @ApiProperty({ type: 'string', pattern: idPattern('media'), example: 'med_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({ type: 'string', example: 'spring-sale.png' })
  name!: string;

  @ApiProperty({ type: 'string', example: 'A watering can among tulips.' })
  alt!: string;

  @ApiProperty({
    type: 'string',
    enum: MEDIA_TYPES,
    description: 'As its content says.',
    example: 'image/png',
  })
  type!: MediaType;

  @ApiProperty({ type: 'integer', format: 'int64', description: 'How large it is.', example: 184_320 })
  bytes!: number;

  @ApiProperty({
    type: 'string',
    pattern: '^[0-9a-f]{64}$',
    description: 'SHA-256 of its content.',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  sha256!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Of an image: in pixels, as it is shown. Else null.',
    example: 1_200,
  })
  width!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Of an image: in pixels, as it is shown. Else null.',
    example: 800,
  })
  height!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Of an image: more than 1 where it moves. Else null.',
    example: 1,
  })
  frames!: number | null;

  @ApiProperty({ type: 'string', enum: MEDIA_STATUSES, example: 'READY' })
  status!: MediaStatus;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  updatedAt!: string;
}

/** A row as the API answers it: public ids, times as RFC 3339. */
export function viewOf(media: Media): MediaView {
  const { name, alt, type, bytes, sha256, width, height, frames, status } = media;
  return {
    id: toPublicId('media', media.id),
    storeId: toPublicId('store', media.storeId),
    ...{ name, alt, type, bytes, sha256, width, height, frames, status },
    createdAt: media.createdAt.toISOString(),
    updatedAt: media.updatedAt.toISOString(),
  };
}
