import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import type { Attributes, Customer } from './customer.entity.js';

/** A customer of an audience. */
@ApiSchema({ name: 'AudienceMember' })
export class MemberView {
  @ApiProperty({ type: 'string', pattern: idPattern('customer'), example: 'cus_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;

  @ApiProperty({ description: 'Your own id of the customer.', example: 'customer-1042' }) reference!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { city: 'Berlin', orders: 3 } })
  attributes!: Attributes;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  updatedAt!: string;
}

export const viewOf = ({ id, reference, attributes, createdAt, updatedAt }: Customer): MemberView => ({
  id: toPublicId('customer', id),
  reference,
  attributes,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** What listing customers came to. */
@ApiSchema({ name: 'AudienceMembersListed' })
export class ListedView {
  @ApiProperty({ type: 'integer', description: 'Customers that were not known before.', example: 2 })
  created!: number;
  @ApiProperty({ type: 'integer', description: 'Known ones whose attributes changed.', example: 1 })
  updated!: number;
  @ApiProperty({
    type: 'integer',
    description: 'Customers that the audience did not list before.',
    example: 3,
  })
  listed!: number;
}
