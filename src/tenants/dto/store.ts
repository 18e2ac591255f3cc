import { ApiProperty } from '@nestjs/swagger';
import { EnumField, partialOf, TextField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';

const KINDS = ['live', 'sandbox'] as const;
const ORDERS = ['createdAt', 'name', 'updatedAt'] as const;

export class ListStoresQuery extends ListQuery {
  @EnumField({ values: KINDS, optional: true, description: 'Live stores or sandboxes alone.' })
  kind?: (typeof KINDS)[number];

  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What to order by.' })
  sortBy!: (typeof ORDERS)[number];
}

export class CreateStoreInput {
  @TextField({ max: 100, description: 'The store’s name.', example: 'Main' })
  name!: string;
}

export class UpdateStoreInput extends partialOf(CreateStoreInput) {}

export class StoreResponse {
  @ApiProperty({ example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty() organizationId!: string;
  @ApiProperty({ example: 'Main' }) name!: string;
  @ApiProperty({ enum: KINDS, description: 'Keys of a sandbox are test keys.' }) kind!: 'live' | 'sandbox';
  @ApiProperty({ type: String, nullable: true, description: 'Of a sandbox: the live store it belongs to.' })
  liveStoreId!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: string;
}

/** A sandbox that was emptied. */
export class StoreResetResponse extends StoreResponse {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { campaigns: 30, quota: 1, pollingMarks: 2 },
    description: 'How much there was of what; `quota` counts the ledgers that begin anew.',
  })
  cleared!: Record<string, number>;
}
