import { LEVELS, type Level } from '../../platform/http/index.js';
import {
  EnumField,
  EnumMapField,
  IdField,
  IntegerField,
  NOT_BLANK,
  OptionalBody,
  partialOf,
  TextField,
  TextListField,
  TextMapField,
  TimestampField,
} from '../../platform/http/input/index.js';
import { EXPIRES_IN, type ExpiresIn } from '../expiry.js';
import { type KeyLimitsInput, LimitsField } from './key.limits.js';

const NAME = {
  ...NOT_BLANK,
  max: 100,
  description: 'What the key is for, in your words.',
  example: 'Production dashboard',
};
const ROLE = {
  max: 64,
  optional: true,
  description:
    'The role: its id, or the name of a built-in one (`read-only`, `read-write`, `analyst`, `compliance`, `admin`).',
  example: 'read-only',
};
const PERMISSIONS = {
  values: LEVELS,
  maxEntries: 200,
  optional: true,
  nullable: true,
  description:
    'Narrows the role: a level per category or resource. A map is complete, what it does not name is `none`; null leaves the role as it is.',
  example: { content: 'read', analytics: 'none' } as Record<string, Level>,
};
const ALLOWLIST = {
  item: { max: 49 },
  maxItems: 100,
  unique: true,
  optional: true,
  nullable: true,
  description: 'Addresses and networks (CIDR, v4 or v6) the key may be used from; null is anywhere.',
  example: ['10.0.0.0/8', '2001:db8::/32'],
};
const METADATA = {
  maxEntries: 50,
  value: { max: 500, min: 0 },
  optional: true,
  description: 'Texts of your own.',
  example: { team: 'growth' },
};

const OWNER = {
  optional: true,
  nullable: true,
  example: 'mem_01k0b3w2f7e1rt5m8v9xq4zj6d',
};

/** A new key. With neither `roleId` nor `permissions` it is refused. */
export class CreateKeyInput {
  @TextField(NAME) name!: string;
  @TextField(ROLE) roleId?: string;
  @EnumMapField(PERMISSIONS) permissions?: Record<string, Level> | null;
  @EnumField({
    values: EXPIRES_IN,
    optional: true,
    description: 'How long the key lasts, from now; default `never`.',
  })
  expiresIn?: ExpiresIn;
  @TimestampField({ optional: true, description: 'When the key ends; not together with `expiresIn`.' })
  expiresAt?: Date;
  @TextListField(ALLOWLIST) ipAllowlist?: string[] | null;
  @TextMapField(METADATA) metadata?: Record<string, string>;
  @LimitsField() limits?: KeyLimitsInput;
  @IdField('member', {
    ...OWNER,
    description:
      'The member who answers for the key; default the member who creates it, null is nobody. An active one of the organization.',
  })
  ownerId?: string | null;
}

class KeyFields {
  @TextField(NAME) name!: string;
  @TextField({ ...ROLE, optional: false }) roleId!: string;
  @EnumMapField(PERMISSIONS) permissions!: Record<string, Level> | null;
  @TimestampField({
    nullable: true,
    description: 'When the key ends; null is never. Only while it is active.',
  })
  expiresAt!: Date | null;
  @EnumField({
    values: EXPIRES_IN,
    description: 'Or how long it still lasts, from now. Only while it is active.',
  })
  expiresIn!: ExpiresIn;
  @TextListField(ALLOWLIST) ipAllowlist!: string[] | null;
  @TextMapField(METADATA) metadata!: Record<string, string>;
  @LimitsField() limits!: KeyLimitsInput;
  @IdField('member', {
    ...OWNER,
    description: 'The member who answers for the key, an active one of the organization; null is nobody.',
  })
  ownerId!: string | null;
}

/** What may change on a key without a new secret. */
export class UpdateKeyInput extends partialOf(KeyFields) {}

export const MOST_GRACE_SECONDS = 7 * 86_400;

export const GraceField = () =>
  IntegerField({
    min: 0,
    max: MOST_GRACE_SECONDS,
    default: 0,
    description: 'How long the old secret still works, in seconds; 0 ends it at once.',
  });

/** Reasons that reports count by; any other text is taken too. */
const REVOCATION_REASONS = ['unused', 'compromised', 'superseded', 'left'];

export const ReasonField = () =>
  TextField({
    max: 500,
    optional: true,
    description:
      `Why: ${REVOCATION_REASONS.map((reason) => `\`${reason}\``).join(', ')}, or words of your own. ` +
      'Kept with the key and in the change log; it never changes.',
    example: 'superseded',
  });

@OptionalBody()
export class RotateKeyInput {
  @GraceField() graceSeconds!: number;
}

@OptionalBody()
export class RevokeKeyInput {
  @ReasonField() reason?: string;
}
