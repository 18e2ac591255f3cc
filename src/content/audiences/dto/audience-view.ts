import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../../platform/http/input/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import type { Audience, Rules } from '../audience.entity.js';
import { RulesBody } from './rules-body.js';

/** An audience as it is answered. */
@ApiSchema({ name: 'Audience' })
export class AudienceView {
  @ApiProperty({ type: 'string', pattern: idPattern('audience'), example: 'aud_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;

  @ApiProperty({ type: 'string', pattern: idPattern('store'), example: 'sto_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  storeId!: string;

  @ApiProperty({ example: 'Regulars in Berlin' }) name!: string;
  @ApiProperty({ example: 'Bought three times or more.' }) description!: string;

  @ApiProperty({ type: RulesBody, nullable: true, description: 'Null: only those that are listed.' })
  rules!: Rules | null;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', example: '2026-02-11T08:30:00.000Z' })
  updatedAt!: string;
}

/** A row as the API answers it. */
export function viewOf({
  id,
  storeId,
  name,
  description,
  rules,
  createdAt,
  updatedAt,
}: Audience): AudienceView {
  return {
    id: toPublicId('audience', id),
    storeId: toPublicId('store', storeId),
    ...{ name, description, rules },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** How many customers there are in an audience. */
@ApiSchema({ name: 'AudienceSize' })
export class SizeView {
  @ApiProperty({ type: 'integer', example: 1_204 }) size!: number;

  @ApiProperty({
    description:
      'Whether they were counted; more than 100,000 are estimated from what the database knows of the data.',
    example: true,
  })
  exact!: boolean;
}
