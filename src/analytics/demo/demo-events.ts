import type { DemoSubjects } from '../../content/index.js';
import { randomOf } from '../../content/index.js';
import { DemoAdverts } from './demo-adverts.js';
import { demoDays } from './demo-days.js';
import type { DemoEvent } from './demo-event.js';
import { DemoJourneys } from './demo-journeys.js';

export interface DemoAnalyticsOptions {
  readonly seed: number;
  /** Of a usual day in the middle of the year that is made up; those whom adverts bring come besides. */
  readonly visitsPerDay: number;
  readonly impressionsPerDay: number;
}

/**
 * What happened in a year with the visitors of a shop, up to a moment. The same seed on the same day makes the same,
 * ids apart.
 */
export function demoEvents(subjects: DemoSubjects, options: DemoAnalyticsOptions, now: Date): DemoEvent[] {
  const random = randomOf(options.seed);
  const adverts = new DemoAdverts(subjects, random, options.impressionsPerDay);
  const journeys = new DemoJourneys(subjects, random, options.visitsPerDay);
  return demoDays(now)
    .flatMap((day) => {
      const { events, arrivals } = adverts.on(day);
      return [...events, ...journeys.on(day, arrivals)];
    })
    .filter(({ at }) => at < now);
}
