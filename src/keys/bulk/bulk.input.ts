import { EnumField, FlagField, TimestampField } from '../../platform/http/input/index.js';
import { FilterField, type KeyFilterInput } from '../dto/key.criteria.js';
import { GraceField, ReasonField } from '../dto/key.input.js';
import { EXPIRES_IN, type ExpiresIn } from '../expiry.js';

class BulkInput {
  @FilterField() filter!: KeyFilterInput;
  @FlagField({
    default: false,
    description: 'Changes nothing, and answers what would happen; without tokens.',
  })
  dryRun!: boolean;
}

export class BulkRevokeInput extends BulkInput {
  @ReasonField() reason?: string;
}

export class BulkRotateInput extends BulkInput {
  @GraceField() graceSeconds!: number;
}

/** The new end: one of the two. */
export class BulkExtendInput extends BulkInput {
  @EnumField({ values: EXPIRES_IN, optional: true, description: 'How long the keys still last, from now.' })
  expiresIn?: ExpiresIn;
  @TimestampField({ optional: true, description: 'Or when they end.' }) expiresAt?: Date;
}
