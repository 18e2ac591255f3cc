import {
  EnumField,
  FlagField,
  NOT_BLANK,
  partialOf,
  TextField,
  TextMapField,
} from '../../platform/http/input/index.js';
import { ListQuery } from '../../platform/http/lists/index.js';

/** A whole view. */
export class AuditViewBody {
  @TextField({ max: 100, ...NOT_BLANK, description: 'What people call it.', example: 'Refused last week' })
  name!: string;

  @TextMapField({
    maxEntries: 20,
    name: { max: 50 },
    value: { min: 1, max: 500 },
    description: 'Parameters of `GET /audit/requests` that filter, as they are written there.',
    example: { status: '4xx', method: 'POST' },
  })
  filters!: Record<string, string>;

  @FlagField({ default: false, description: 'Whether everybody sees it who reads the organization’s logs.' })
  shared!: boolean;
}

/** What PATCH takes: any of the fields. */
export class AuditViewPatch extends partialOf(AuditViewBody) {}

const ORDERS = ['createdAt', 'name'] as const;

export class AuditViewListQuery extends ListQuery {
  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];
}
