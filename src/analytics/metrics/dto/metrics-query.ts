import { CURRENCY, EnumField, IdField, IntegerField, TextField } from '../../../platform/http/input/index.js';
import { DIMENSION_NAMES, type Dimension } from '../../rollups/dimensions.js';
import { GRANULARITIES, type Granularity } from '../buckets.js';
import { GROUP_ORDERS, type GroupOrder } from '../figures.js';

/** Of when figures are. */
export class RangeOnlyQuery {
  @TextField({
    max: 40,
    optional: true,
    description:
      'From when on: a day of the time zone, or a moment (RFC 3339). Left out: 30 days up to `to`.',
    example: '2026-11-01',
  })
  from?: string;

  @TextField({
    max: 40,
    optional: true,
    description: 'Until when: a day, which is included, or a moment, which is not. Left out: today.',
    example: '2026-11-30',
  })
  to?: string;

  @TextField({
    max: 60,
    default: 'UTC',
    description: 'Whose clocks days are told by (IANA).',
    example: 'Europe/Berlin',
  })
  timezone!: string;
}

/** A question in whose answer there is money. */
export class RangeQuery extends RangeOnlyQuery {
  @TextField({
    ...CURRENCY,
    optional: true,
    description: 'In which currency money is counted; left out, the one that most events with money are in.',
    example: 'EUR',
  })
  currency?: string;
}

/** A question that can look back. */
export class ComparedQuery extends RangeQuery {
  @EnumField({
    values: ['previous'] as const,
    optional: true,
    description: '`previous`: as many days, or as long, before that, too.',
  })
  compareTo?: 'previous';
}

const LIMIT = { min: 1, max: 100, default: 20, description: 'How many, at most.' } as const;
const ORDER = { values: GROUP_ORDERS, description: 'Those first that have most of it.' } as const;

export class DashboardQuery extends ComparedQuery {
  @EnumField({ values: GRANULARITIES, default: 'day', description: 'How long the points of the series are.' })
  granularity!: Granularity;

  @IdField('campaign', { optional: true, description: 'Only what is due to this campaign.' })
  campaignId?: string;

  @EnumField({
    values: DIMENSION_NAMES,
    optional: true,
    description: 'The figures of each campaign, channel and so on, too; not together with `campaignId`.',
    example: 'channel',
  })
  groupBy?: Dimension;

  @EnumField({ ...ORDER, default: 'events' }) sortBy!: GroupOrder;
  @IntegerField({ ...LIMIT, description: 'How many groups, at most.' }) limit!: number;
}

/** The best of something. */
export class RankingQuery extends ComparedQuery {
  @EnumField({ ...ORDER, default: 'events' }) sortBy!: GroupOrder;
  @IntegerField(LIMIT) limit!: number;
}
