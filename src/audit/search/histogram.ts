import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { KEPT_REQUESTS } from '../kept-requests.js';
import { boundedRead } from './bounded-read.js';
import type { HistogramResponse } from './histogram.response.js';
import type { LogScope } from './log-reader.js';
import { requestsAlone } from './request-conditions.js';
import type { RequestFilter } from './request-filter.js';
import { narrowed } from './request-search.js';
import { oldestDay } from './request-row.js';
import { addSpan, searchedSpan, type TimeSpan } from './time-walk.js';

const DAY_MS = 86_400_000;
/** What a bucket may be long, in seconds: from a minute up to a week. */
const BUCKET_SECONDS = [60, 300, 900, 3_600, 21_600, 86_400, 604_800] as const;
const MOST_BUCKETS = 200;
/** A Monday: weeks begin there, and all shorter buckets do too. */
const ORIGIN = Date.parse('2001-01-01T00:00:00Z');

interface Counted {
  readonly at: number;
  readonly class: number;
  readonly requests: number;
}

/** Counts requests over time. */
@Injectable()
export class Histogram {
  constructor(private readonly database: Database) {}

  /** The last 24 hours where no time is given. @throws InvalidInput; SearchTooWide */
  of(filter: RequestFilter, scope: LogScope): Promise<HistogramResponse> {
    const conditions = requestsAlone(filter, scope);
    const now = Date.now();
    const to = filter.to ?? new Date(now);
    const from = filter.from ?? new Date(to.getTime() - DAY_MS);
    return boundedRead(this.database, async (query) => {
      const span = searchedSpan({ from, to }, await oldestDay(query), now);
      const seconds = bucketSeconds(span);
      const where = addSpan(conditions, narrowed(span, filter));
      const bucket = `floor((extract(epoch FROM at) - ${ORIGIN / 1_000}) / ${seconds})::float8`;
      const rows = await query<Counted>(
        `SELECT ${bucket} AS at, status / 100 AS class, sum(occurrences)::float8 AS requests
         FROM ${KEPT_REQUESTS} WHERE ${where.sql} GROUP BY 1, 2`,
        where.values,
      );
      return { bucketSeconds: seconds, ...filled(span, seconds, rows) };
    });
  }
}

function bucketSeconds({ start, end }: TimeSpan): number {
  const fits = (seconds: number) => (end - start) / 1_000 / seconds <= MOST_BUCKETS;
  return BUCKET_SECONDS.find(fits) ?? 604_800;
}

/** Every bucket that the span touches, zeros included. */
function filled(
  { start, end }: TimeSpan,
  seconds: number,
  rows: readonly Counted[],
): Pick<HistogramResponse, 'from' | 'to' | 'buckets'> {
  const length = seconds * 1_000;
  const first = Math.floor((start - ORIGIN) / length);
  const beyond = end > start ? Math.ceil((end - ORIGIN) / length) : first;
  const buckets = Array.from({ length: beyond - first }, (_, index) => ({
    from: new Date(ORIGIN + (first + index) * length).toISOString(),
    requests: 0,
    '1xx': 0,
    '2xx': 0,
    '3xx': 0,
    '4xx': 0,
    '5xx': 0,
  }));
  for (const row of rows) {
    const bucket = buckets[row.at - first];
    if (!bucket) continue;
    bucket.requests += row.requests;
    bucket[`${row.class}xx` as '2xx'] += row.requests;
  }
  return { from: timeText(start), to: timeText(end - 1), buckets };
}

const timeText = (at: number): string => new Date(at).toISOString();
