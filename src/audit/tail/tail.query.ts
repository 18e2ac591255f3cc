import { pageOf } from '../search/page-of.js';
import { RequestFilter } from '../search/request-filter.js';

class NoPage {}

/** What `GET /audit/requests/tail` takes: the search's filters, but for the time and the id. */
export class TailQuery extends pageOf(RequestFilter, NoPage, [
  'keyId',
  'memberId',
  'storeId',
  'roleId',
  'method',
  'route',
  'status',
  'errorCode',
  'ip',
  'q',
  'outcome',
  'organizationId',
]) {}
