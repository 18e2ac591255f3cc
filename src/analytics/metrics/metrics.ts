import type { EventKind } from '../events/event-kinds.js';

/** How often what happened, and the money in one currency. */
export interface Sums {
  readonly events: Partial<Record<EventKind, number>>;
  /** Of conversions, in minor units. */
  readonly revenueMinor: number;
  readonly spendMinor: number;
}

/** The figures of a dashboard. Money is in minor units; a ratio whose denominator is 0 is null. */
export interface Metrics {
  readonly impressions: number;
  readonly clicks: number;
  readonly visits: number;
  readonly pageViews: number;
  readonly conversions: number;
  readonly revenueMinor: number;
  readonly spendMinor: number;
  /** Clicks per impression. */
  readonly ctr: number | null;
  /** Conversions per click. */
  readonly cvr: number | null;
  /** Conversions per visit. */
  readonly visitCvr: number | null;
  /** What a conversion cost, in minor units. */
  readonly cpaMinor: number | null;
  /** Revenue per what was spent. */
  readonly roas: number | null;
}

export function metricsOf({ events, revenueMinor, spendMinor }: Sums): Metrics {
  const count = (kind: EventKind): number => events[kind] ?? 0;
  const [impressions, clicks, visits, conversions] = [
    count('impression'),
    count('click'),
    count('visit'),
    count('conversion'),
  ];
  return {
    ...{ impressions, clicks, visits, pageViews: count('page_view'), conversions, revenueMinor, spendMinor },
    ctr: ratio(clicks, impressions),
    cvr: ratio(conversions, clicks),
    visitCvr: ratio(conversions, visits),
    cpaMinor: ratio(spendMinor, conversions),
    roas: ratio(revenueMinor, spendMinor),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
