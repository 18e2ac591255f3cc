import { EnumField } from '../../platform/http/input/index.js';
import { CountedLogPageQuery } from './log-page.js';
import { pageOf } from './page-of.js';
import { RequestFilter } from './request-filter.js';

/** What there is an index for. */
const ORDERS = ['at'] as const;

/** What `GET /audit/requests` takes. */
export class RequestSearchQuery extends pageOf(RequestFilter, CountedLogPageQuery) {
  @EnumField({
    values: ORDERS,
    default: 'at',
    description: 'What the list is ordered by: when they arrived.',
  })
  sortBy!: (typeof ORDERS)[number];
}
