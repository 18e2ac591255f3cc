import { readDemoSubjects } from '../../content/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { insertEvents } from '../events/event-intake.js';
import { type DemoAnalyticsOptions, demoEvents } from './demo-events.js';

const EVENTS_PER_STATEMENT = 10_000;

/**
 * Fills a store that has demonstration content with a year of events. They wait to be added to the sums as any others
 * do: that takes longer than a first start should.
 * @param storeId UUID
 */
export async function insertDemoAnalytics(
  tx: Transaction,
  storeId: string,
  options: DemoAnalyticsOptions,
): Promise<void> {
  const events = demoEvents(await readDemoSubjects(tx, storeId), options, new Date());
  const named = events.map(({ at, ...event }) => ({
    ...event,
    key: newUuid(),
    time: at,
    currency: event.valueMinor === undefined ? undefined : 'EUR',
  }));
  for (let start = 0; start < named.length; start += EVENTS_PER_STATEMENT) {
    await insertEvents(tx, storeId, named.slice(start, start + EVENTS_PER_STATEMENT));
  }
}
