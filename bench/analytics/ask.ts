import type { AttributionService } from '../../src/analytics/attribution/attribution.service.js';
import { AttributionQuery } from '../../src/analytics/attribution/dto/attribution-query.js';
import { FunnelQuery } from '../../src/analytics/funnels/dto/funnel-query.js';
import type { FunnelsService } from '../../src/analytics/funnels/funnels.service.js';
import { DashboardQuery, RankingQuery } from '../../src/analytics/metrics/dto/metrics-query.js';
import type { MetricsService } from '../../src/analytics/metrics/metrics.service.js';
import type { StoreScope } from '../../src/platform/http/index.js';
import { readInput } from '../../src/platform/http/input/index.js';

export interface Services {
  readonly metrics: MetricsService;
  readonly funnels: FunnelsService;
  readonly attribution: AttributionService;
}

/** A question as the API is asked it. */
export interface Question {
  /** Read from sums; others from the events. */
  readonly fromSums: boolean;
  /** In milliseconds, at most. */
  readonly goalMs?: number;
  readonly ask: (store: StoreScope) => Promise<unknown>;
}

const DAY_MS = 86_400_000;

/** The questions of a dashboard, by what they are about. */
export function questionsTo({ metrics, funnels, attribution }: Services): Record<string, Question> {
  const day = (ago: number) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
  const month = { from: day(30), to: day(1) };
  const year = { from: day(364), to: day(1) };
  const dashboard = (query: object, goalMs = 100): Question => ({
    ...{ fromSums: true, goalMs },
    ask: (store) => metrics.dashboard(store, readInput(DashboardQuery, query, 'query')),
  });
  const ranking = (by: 'campaign' | 'audience' | 'post', query: object): Question => ({
    ...{ fromSums: true, goalMs: 100 },
    ask: (store) => metrics.ranking(store, by, readInput(RankingQuery, query, 'query')),
  });
  const traffic = (query: object): Question => ({
    ...{ fromSums: true, goalMs: 100 },
    ask: (store) => metrics.traffic(store, readInput(RankingQuery, query, 'query')),
  });
  return {
    'a month by day': dashboard(month),
    'a month by day, Berlin, with the one before': dashboard({
      ...{ ...month, timezone: 'Europe/Berlin', compareTo: 'previous' },
    }),
    'a month by hour, Kolkata': dashboard({ ...month, timezone: 'Asia/Kolkata', granularity: 'hour' }),
    'a year by day': dashboard(year, 50),
    'a year by day, Berlin': dashboard({ ...year, timezone: 'Europe/Berlin' }, 50),
    'a year by day, Kolkata': dashboard({ ...year, timezone: 'Asia/Kolkata' }, 50),
    'a year by month, Berlin': dashboard({ ...year, timezone: 'Europe/Berlin', granularity: 'month' }, 50),
    'a year by month, each channel': dashboard({ ...year, granularity: 'month', groupBy: 'channel' }),
    'campaigns of a month, with the one before': ranking('campaign', { ...month, compareTo: 'previous' }),
    'campaigns of a year': ranking('campaign', year),
    'audiences of a year, Kolkata': ranking('audience', { ...year, timezone: 'Asia/Kolkata' }),
    'posts of a month': ranking('post', month),
    'traffic of a month': traffic(month),
    'traffic of a year': traffic(year),
    'funnel of a week, four steps': {
      fromSums: false,
      ask: (store) =>
        funnels.funnel(store, readInput(FunnelQuery, { from: day(7), to: day(1), step: STEPS }, 'query')),
    },
    'funnel of a month, four steps': {
      fromSums: false,
      ask: (store) => funnels.funnel(store, readInput(FunnelQuery, { ...month, step: STEPS }, 'query')),
    },
    'attribution of a month': {
      fromSums: false,
      ask: (store) => attribution.attribution(store, readInput(AttributionQuery, month, 'query')),
    },
  };
}

const STEPS = ['visit', 'add_to_cart', 'checkout', 'conversion'];
