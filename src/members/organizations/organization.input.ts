import { type Level } from '../../platform/http/index.js';
import {
  EnumField,
  IntegerField,
  ObjectField,
  partialOf,
  TextField,
} from '../../platform/http/input/index.js';
import { field, type FieldOptions, type FieldRule, Refused } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import { IDLE_KEY_DAYS, ORGANIZATION_STATUSES } from '../../tenants/index.js';

const NAME = { max: 100, description: 'The organization’s name.', example: 'Fjord & Pine' };
const PLAN = {
  max: 60,
  description: 'The plan, by its id; `GET /plans` lists them.',
  example: 'hourly-scale',
};

/** Its first administrator. */
export class FirstAdminInput {
  @TextField({ max: 254, description: 'The e-mail address to sign in with.', example: 'ada@example.org' })
  email!: string;
  @TextField({ max: 72, description: 'From 12 characters to 72 bytes.', example: 'correct horse battery' })
  password!: string;
}

export class CreateOrganizationInput {
  @TextField(NAME) name!: string;
  @TextField(PLAN) plan!: string;
  @ObjectField(() => FirstAdminInput, { description: 'The first administrator.' }) admin!: FirstAdminInput;
}

const MOST = 2_147_483_646;

/** A number, "plan" for the plan's own, null for none. */
function LimitField(options: FieldOptions & { min: number }): PropertyDecorator {
  const rule: FieldRule = {
    read: (value) =>
      value === 'plan' ||
      (Number.isInteger(value) && (value as number) >= options.min && (value as number) <= MOST)
        ? value
        : new Refused(`must be a whole number from ${options.min}, "plan" or null`),
    schema: {
      oneOf: [
        { type: 'integer', minimum: options.min, maximum: MOST },
        { type: 'string', enum: ['plan'] },
      ],
    },
  };
  return field(rule, { ...options, optional: true, nullable: true });
}

export class OrganizationLimitsInput {
  @LimitField({ min: 1, description: 'Requests an hour.' }) hour?: number | 'plan' | null;
  @LimitField({ min: 1, description: 'Requests a day.' }) day?: number | 'plan' | null;
  @LimitField({ min: 1, description: 'Seconds between identical requests.' }) pollSeconds?:
    number | 'plan' | null;
  @LimitField({ min: 1, description: 'Active keys of one store.' }) activeKeysPerStore?:
    number | 'plan' | null;
  @EnumField({
    values: ['read', 'write', 'admin', 'plan'] as const,
    optional: true,
    description: 'The highest level that keys reach.',
  })
  highestLevel?: Level | 'plan';
}

class OrganizationFields {
  @TextField(NAME) name!: string;
  @TextField(PLAN) plan!: string;
  @EnumField({
    values: ORGANIZATION_STATUSES,
    description: 'While suspended, every key and member is refused.',
  })
  status!: 'active' | 'suspended';
  @ObjectField(() => OrganizationLimitsInput, { description: 'What is not named stays as it is.' })
  limits!: OrganizationLimitsInput;
  @IntegerField(IDLE_KEY_DAYS) idleKeyDays!: number | null;
}

export class UpdateOrganizationInput extends partialOf(OrganizationFields) {}

/** By the order in which the changes were made; newest first unless asked otherwise. */
export class PlanHistoryQuery extends ListQuery {}
