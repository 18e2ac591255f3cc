import type { DataSource } from 'typeorm';
import { type Finding, ok, warn } from './finding.js';

/** How old an event may be that has no number; a server that runs takes less than a second. */
const MOST_SECONDS = 300;

const WAITING = `
SELECT extract(epoch FROM clock_timestamp() - occurred_at)::float8 AS seconds
FROM events WHERE sequence IS NULL ORDER BY emitted_no LIMIT 1`;

/** Whether events get their numbers: without them nobody hears of anything. */
export async function eventsNumbered(database: DataSource): Promise<Finding> {
  const [oldest] = await database.query<{ seconds: number }[]>(WAITING);
  if (!oldest || oldest.seconds <= MOST_SECONDS) return ok('events are numbered');
  return warn(
    `events have waited for their numbers for ${Math.round(oldest.seconds / 60)} minutes`,
    'Start the server, which numbers them. If it runs, look at its log: it says what stands against it.',
  );
}
