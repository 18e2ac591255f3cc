import { ApiProperty } from '@nestjs/swagger';
import { EnumField, IdField, TextField, TimestampField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';

/** Whose data: exactly one of member, key and address. */
export class ErasureInput {
  @IdField('member', {
    optional: true,
    description: 'What this member asked for, and what the change log has of the member.',
  })
  memberId?: string;
  @IdField('key', { optional: true, description: 'What was asked for with this key.' }) keyId?: string;
  @TextField({
    max: 45,
    optional: true,
    description: 'What came from this address (IPv4 or IPv6).',
    example: '192.0.2.7',
  })
  ip?: string;
  @TimestampField({
    optional: true,
    day: 'first',
    description: 'Rows of before this moment or day; default: now.',
  })
  before?: Date;
  @TextField({
    max: 500,
    description: 'Why. Kept with the record and in the change log, so without personal data itself.',
    example: 'request of the person, 2026-03-01',
  })
  reason!: string;
}

export class ListErasuresQuery extends ListQuery {
  @EnumField({ values: ['createdAt'], default: 'createdAt', description: 'What to order by.' })
  sortBy!: 'createdAt';
}

export const ERASURE_STATUSES = ['waiting', 'done'] as const;

/** An erasure, without what it erased. */
export class ErasureResponse {
  @ApiProperty({ example: 'ers_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty({ enum: ERASURE_STATUSES, description: '`waiting`: it is under way, or soon will be.' })
  status!: (typeof ERASURE_STATUSES)[number];
  @ApiProperty({ type: String, nullable: true }) memberId!: string | null;
  @ApiProperty({ type: String, nullable: true }) keyId!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'HMAC-SHA-256 of the address under the installation’s secret, in hexadecimal.',
  })
  ipDigest!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) before!: string;
  @ApiProperty() reason!: string;
  @ApiProperty({ description: 'The public id of the member or key; a name for a part of the system.' })
  requestedBy!: string;
  @ApiProperty({ description: 'Rows of the request log whose personal fields are gone.' })
  rowsErased!: number;
  @ApiProperty({ description: 'Changes whose rows, before and after, are gone.' }) changesErased!: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Rows and changes left as they are because they are held; null until it is done.',
  })
  rowsHeld!: number | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) doneAt!: string | null;
}
