import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { LEVELS, type Level } from '../../platform/http/index.js';
import { type FromTo, ORGANIZATION_STATUSES, type PlanChange } from '../../tenants/index.js';

const ACTOR_TYPES = ['key', 'member', 'system', 'database'] as const;

type Limit = number | 'plan' | null;

const LIMIT = { oneOf: [{ type: 'integer' }, { type: 'string', enum: ['plan'] }, { type: 'null' }] };
const LEVEL = { type: 'string', enum: [...LEVELS, 'plan'] };

/** `{from, to}`. In a schema, `required` names those two; `selfRequired` says whether the property itself is. */
const fromTo = (from: object, to: object): ApiPropertyOptions => ({
  type: 'object',
  properties: { from, to },
  required: ['from', 'to'],
  additionalProperties: false,
  selfRequired: true,
});

const LimitChange = (value: object): PropertyDecorator =>
  ApiProperty({ ...fromTo(value, value), selfRequired: false } as ApiPropertyOptions);

export class PlanHistoryActorResponse {
  @ApiProperty({ enum: ACTOR_TYPES, description: '`database` is SQL typed by hand.' }) type!: string;
  @ApiProperty({
    description:
      'The public id of the key or member; the name of the system’s part, or of the database’s role.',
  })
  id!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The name of the key or member; null where it is gone, or none of your organization’s.',
    example: 'Ada Lovelace',
  })
  name!: string | null;
}

export class PlanHistoryLimitsResponse {
  @LimitChange(LIMIT) hour?: FromTo<Limit>;
  @LimitChange(LIMIT) day?: FromTo<Limit>;
  @LimitChange(LIMIT) pollSeconds?: FromTo<Limit>;
  @LimitChange(LIMIT) activeKeysPerStore?: FromTo<Limit>;
  @LimitChange(LEVEL) highestLevel?: FromTo<Level | 'plan'>;
}

const textOrNull = (schema: object) => ({ ...schema, type: ['string', 'null'] });

/** One change of an organization’s plan, limits or status. */
export class PlanHistoryEntryResponse implements PlanChange {
  @ApiProperty({ type: 'string', format: 'date-time' }) at!: string;
  @ApiProperty({ type: PlanHistoryActorResponse, description: 'Who changed it.' })
  actor!: PlanHistoryActorResponse;
  @ApiProperty({
    ...fromTo(textOrNull({ description: 'Null where the organization was made.' }), { type: 'string' }),
    nullable: true,
    description: 'Null where the plan stayed.',
    example: { from: 'pro', to: 'agency' },
  })
  plan!: PlanChange['plan'];
  @ApiProperty({
    type: PlanHistoryLimitsResponse,
    description:
      'Limits of the organization’s own that changed: a number, `plan` for the plan’s own, null for none.',
    example: { hour: { from: 'plan', to: 500 } },
  })
  limits!: PlanHistoryLimitsResponse;
  @ApiProperty({
    ...fromTo(
      { type: ['string', 'null'], enum: [...ORGANIZATION_STATUSES, null] },
      { type: 'string', enum: [...ORGANIZATION_STATUSES] },
    ),
    nullable: true,
    description: 'Null where the status stayed.',
  })
  status!: PlanChange['status'];
}
