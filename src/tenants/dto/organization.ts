import { ApiProperty } from '@nestjs/swagger';
import { type Level, LEVELS } from '../../platform/http/index.js';
import { EnumField, IntegerField, partialOf, TextField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import { StoreResponse } from './store.js';

export const ORGANIZATION_STATUSES = ['active', 'suspended'] as const;
const ORDERS = ['createdAt', 'name', 'updatedAt'] as const;

export class ListOrganizationsQuery extends ListQuery {
  @EnumField({
    values: ORGANIZATION_STATUSES,
    optional: true,
    description: 'Organizations in this state alone.',
  })
  status?: (typeof ORGANIZATION_STATUSES)[number];

  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What to order by.' })
  sortBy!: (typeof ORDERS)[number];
}

/** What an operator and the organization itself give as `idleKeyDays`. */
export const IDLE_KEY_DAYS = {
  min: 1,
  max: 3_650,
  nullable: true,
  description:
    'Active keys are revoked, for good, after that many days without use; null is never. A key that is new or has a ' +
    'new secret counts as used then. `GET /stores/{storeId}/keys?status=active&unusedDays=` lists them beforehand.',
  example: 90,
};

class OwnOrganizationFields {
  @TextField({ max: 100, description: 'The organization’s name.', example: 'Fjord & Pine' })
  name!: string;
  @IntegerField(IDLE_KEY_DAYS) idleKeyDays!: number | null;
}

/** What an organization’s own administrators may change of it. */
export class OwnOrganizationInput extends partialOf(OwnOrganizationFields) {}

/** Limits of the organization’s own, over its plan’s. */
export class OrganizationLimitsResponse {
  @ApiProperty({
    oneOf: [{ type: 'integer' }, { type: 'string', enum: ['plan'] }, { type: 'null' }],
    description: 'Requests an hour: a number, `plan` for the plan’s own, null for none.',
  })
  hour!: number | 'plan' | null;
  @ApiProperty({
    oneOf: [{ type: 'integer' }, { type: 'string', enum: ['plan'] }, { type: 'null' }],
    description: 'Requests a day.',
  })
  day!: number | 'plan' | null;
  @ApiProperty({
    oneOf: [{ type: 'integer' }, { type: 'string', enum: ['plan'] }, { type: 'null' }],
    description: 'Seconds between identical requests.',
  })
  pollSeconds!: number | 'plan' | null;
  @ApiProperty({ oneOf: [{ type: 'integer' }, { type: 'string', enum: ['plan'] }, { type: 'null' }] })
  activeKeysPerStore!: number | 'plan' | null;
  @ApiProperty({ type: 'string', enum: [...LEVELS, 'plan'] })
  highestLevel!: Level | 'plan';
}

export class OrganizationResponse {
  @ApiProperty({ example: 'org_01k0b3w2f7e1rt5m8v9xq4zj6d' }) id!: string;
  @ApiProperty({ example: 'Fjord & Pine' }) name!: string;
  @ApiProperty({ enum: ORGANIZATION_STATUSES }) status!: 'active' | 'suspended';
  @ApiProperty({ example: 'hourly-scale' }) plan!: string;
  @ApiProperty({ type: OrganizationLimitsResponse }) limits!: OrganizationLimitsResponse;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'After how many days without use active keys are revoked; null is never.',
  })
  idleKeyDays!: number | null;
  @ApiProperty({ type: [StoreResponse] }) stores!: StoreResponse[];
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: string;
}
