import { EnumField, TimestampField } from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';
import { VERIFICATION_STATUSES, type VerificationStatus } from './verification.entities.js';

/** What is to be verified. */
export class CreateAuditVerificationInput {
  @TimestampField({
    day: 'first',
    optional: true,
    description:
      'Rows that were sealed from this moment or day (UTC) on; default all. Of all others the signed headers are checked.',
    example: '2026-03-01',
  })
  from?: Date;

  @TimestampField({
    day: 'last',
    optional: true,
    description: 'Rows that were sealed up to this moment, or to the end of this day (UTC); default all.',
    example: '2026-03-31',
  })
  to?: Date;
}

const ORDERS = ['createdAt'] as const;

export class ListAuditVerificationsQuery extends ListQuery {
  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];

  @EnumField({ values: VERIFICATION_STATUSES, optional: true, description: 'Of this status alone.' })
  status?: VerificationStatus;
}
