import { Injectable } from '@nestjs/common';
import { ContentNames } from '../../content/index.js';
import { Database } from '../../platform/database/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { MetricsService, viewOf } from '../metrics/metrics.service.js';
import { publicValue } from '../rollups/dimensions.js';
import { attributionSql, type Model, MODELS } from './attribution-sql.js';
import type { AttributionQuery } from './dto/attribution-query.js';
import type { AttributionView, CreditByModelView } from './dto/attribution-view.js';

type CreditRow = Record<Model | `${Model}Money`, number> & { readonly value: string };

interface AttributionRow {
  readonly conversions: number;
  readonly money: number;
  /** Conversions that something led to. */
  readonly led: number;
  readonly ledMoney: number;
  readonly credit: readonly CreditRow[];
}

/** What leads to the conversions of one store. */
@Injectable()
export class AttributionService {
  constructor(
    private readonly database: Database,
    private readonly metrics: MetricsService,
    private readonly names: ContentNames,
  ) {}

  /** @throws InvalidInput */
  async attribution(store: StoreScope, query: AttributionQuery): Promise<AttributionView> {
    const { by, lookbackDays, sortBy, limit } = query;
    const told = await this.metrics.told(store, query);
    const { from, to } = told.range;
    const [row] = await this.database.query<AttributionRow>(attributionSql(by, sortBy, limit), [
      ...[store.storeId, from, to, lookbackDays, told.currency],
    ]);
    const { conversions = 0, money = 0, led = 0, ledMoney = 0, credit = [] } = row ?? {};
    const values = credit.map(({ value }) => value);
    const names = await this.names.of(store, by, values);
    return {
      ...viewOf(told),
      lookbackDays,
      total: { conversions, revenueMinor: money },
      unattributed: { conversions: conversions - led, revenueMinor: money - ledMoney },
      data: credit.map((each) => ({
        value: publicValue(by, each.value),
        name: names.get(each.value) ?? null,
        credit: creditOf(each),
      })),
    };
  }
}

function creditOf(row: CreditRow): CreditByModelView {
  const entries = MODELS.map((model) => [
    model,
    { conversions: row[model], revenueMinor: row[`${model}Money`] },
  ]);
  return Object.fromEntries(entries) as CreditByModelView;
}
