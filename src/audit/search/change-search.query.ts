import { ChangeFilter } from './change-filter.js';
import { CountedLogPageQuery } from './log-page.js';
import { pageOf } from './page-of.js';

/** What `GET /audit/changes` takes. */
export class ChangeSearchQuery extends pageOf(ChangeFilter, CountedLogPageQuery) {}
