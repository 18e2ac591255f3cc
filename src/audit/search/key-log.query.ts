import { CountedLogPageQuery, LogPageQuery } from './log-page.js';
import { pageOf } from './page-of.js';
import { RequestFilter } from './request-filter.js';

/** What `GET /keys/:id/requests` takes. */
export class KeyRequestsQuery extends pageOf(RequestFilter, CountedLogPageQuery, [
  'method',
  'route',
  'status',
  'errorCode',
  'ip',
  'from',
  'to',
  'q',
  'outcome',
  'organizationId',
]) {}

/** What `GET /keys/:id/timeline` takes. */
export class TimelineQuery extends pageOf(RequestFilter, LogPageQuery, ['from', 'to', 'organizationId']) {}
