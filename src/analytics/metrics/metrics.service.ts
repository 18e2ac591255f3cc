import { Injectable } from '@nestjs/common';
import { ContentNames } from '../../content/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { type Dimension, publicValue } from '../rollups/dimensions.js';
import { type Bucket, bucketsOf } from './buckets.js';
import type { ComparedQuery, DashboardQuery, RankingQuery, RangeQuery } from './dto/metrics-query.js';
import type {
  DashboardView,
  GroupView,
  MetricsView,
  PeriodView,
  PointView,
  RankingView,
  TrafficView,
} from './dto/metrics-view.js';
import { type CountedBucket, Figures, type Selection } from './figures.js';
import { metricsOf, type Sums } from './metrics.js';
import { previousOf, type Range, readRange } from './range.js';

/** A range, and the currency that money is told in. */
export interface Told {
  readonly range: Range;
  readonly currency: string | null;
  readonly currencies: readonly string[];
}

/** The figures of one store at a time. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly figures: Figures,
    private readonly names: ContentNames,
  ) {}

  /** @throws InvalidInput */
  async dashboard(store: StoreScope, query: DashboardQuery): Promise<DashboardView> {
    const { campaignId, groupBy, granularity } = query;
    if (groupBy !== undefined && campaignId !== undefined) {
      throw new InvalidInput([{ field: 'groupBy', reason: 'must not be there beside campaignId' }]);
    }
    const selection: Selection = {
      storeId: store.storeId,
      ...(campaignId === undefined ? {} : { only: { dimension: 'campaign', value: campaignId } }),
    };
    const range = readRange(query);
    const buckets = bucketsOf(range, granularity);
    const counted = await this.figures.byBucket(selection, buckets);
    const told = toldOf(query, range, counted);
    const before = query.compareTo && previousOf(range);
    return {
      ...viewOf(told),
      granularity,
      ...periodOf(buckets, counted, told.currency),
      previous: before
        ? await this.period(selection, before, bucketsOf(before, granularity), told.currency)
        : null,
      groups: groupBy === undefined ? null : await this.groups(store, groupBy, told, query),
    };
  }

  /** The values of a dimension, the best first. @throws InvalidInput */
  async ranking(store: StoreScope, dimension: Dimension, query: RankingQuery): Promise<RankingView> {
    const told = await this.told(store, query);
    return { ...viewOf(told), data: await this.groups(store, dimension, told, query) };
  }

  /** @throws InvalidInput */
  async traffic(store: StoreScope, query: RankingQuery): Promise<TrafficView> {
    const told = await this.told(store, query);
    const by = (dimension: Dimension) => this.groups(store, dimension, told, query);
    return {
      ...viewOf(told),
      channels: await by('channel'),
      sources: await by('source'),
      pages: await by('page'),
    };
  }

  /** What a question is about. @throws InvalidInput */
  async told({ storeId }: StoreScope, query: RangeQuery): Promise<Told> {
    const range = readRange(query);
    return toldOf(query, range, await this.figures.byBucket({ storeId }, [range]));
  }

  private async period(
    selection: Selection,
    { from, to }: Bucket,
    buckets: readonly Bucket[],
    currency: string | null,
  ): Promise<PeriodView> {
    const counted = await this.figures.byBucket(selection, buckets);
    return { from: from.toISOString(), to: to.toISOString(), ...periodOf(buckets, counted, currency) };
  }

  private async groups(
    store: StoreScope,
    dimension: Dimension,
    { range, currency }: Told,
    { sortBy: order, limit: most, compareTo }: ComparedQuery & Pick<RankingQuery, 'sortBy' | 'limit'>,
  ): Promise<GroupView[]> {
    const groups = await this.figures.byValue(store.storeId, range, { dimension, currency, order, most });
    const values = groups.map(({ value }) => value);
    const before = new Map<string, MetricsView>();
    if (compareTo && values.length > 0) {
      const wish = { dimension, currency, order, most, values };
      for (const group of await this.figures.byValue(store.storeId, previousOf(range), wish)) {
        before.set(group.value, metricsOf(group));
      }
    }
    const names = await this.names.of(store, dimension, values);
    return groups.map((group) => ({
      value: publicValue(dimension, group.value),
      name: names.get(group.value) ?? null,
      metrics: metricsOf(group),
      previous: compareTo ? (before.get(group.value) ?? metricsOf(NOTHING)) : null,
    }));
  }
}

const NOTHING: Sums = { events: {}, revenueMinor: 0, spendMinor: 0 };

function toldOf({ currency }: RangeQuery, range: Range, counted: readonly CountedBucket[]): Told {
  const events = new Map<string, number>();
  for (const { money } of counted) {
    for (const [each, sums] of money) events.set(each, (events.get(each) ?? 0) + sums.events);
  }
  const currencies = [...events.keys()].sort();
  const most = currencies.reduce<string | null>(
    (best, each) => (best === null || (events.get(each) ?? 0) > (events.get(best) ?? 0) ? each : best),
    null,
  );
  return { range, currency: currency ?? most, currencies };
}

/** A range and its money, as answers tell them. */
export function viewOf({ range, currency, currencies }: Told) {
  const { from, to, timeZone } = range;
  return { from: from.toISOString(), to: to.toISOString(), timezone: timeZone, currency, currencies };
}

function periodOf(
  buckets: readonly Bucket[],
  counted: readonly CountedBucket[],
  currency: string | null,
): { readonly totals: MetricsView; readonly series: PointView[] } {
  const sums = counted.map((each) => sumsOf(each, currency));
  const series = buckets.map(({ from, to }, index) => ({
    ...{ from: from.toISOString(), to: to.toISOString() },
    ...metricsOf(sums[index] ?? NOTHING),
  }));
  return { totals: metricsOf(sums.reduce(added, NOTHING)), series };
}

function sumsOf({ events, money }: CountedBucket, currency: string | null): Sums {
  const { revenueMinor = 0, spendMinor = 0 } = (currency !== null && money.get(currency)) || {};
  return { events, revenueMinor, spendMinor };
}

function added(a: Sums, b: Sums): Sums {
  const events = { ...a.events };
  for (const [kind, count] of Object.entries(b.events) as [keyof typeof events, number][]) {
    events[kind] = (events[kind] ?? 0) + count;
  }
  return {
    events,
    revenueMinor: a.revenueMinor + b.revenueMinor,
    spendMinor: a.spendMinor + b.spendMinor,
  };
}
