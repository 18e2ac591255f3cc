import { type Granularity, GRANULARITIES } from '../../audit/index.js';
import { EnumField, IdField, IntegerField, TimestampField } from '../../platform/http/input/index.js';

/** The part of the past that is asked for. */
export class UsageRangeQuery {
  @TimestampField({
    day: 'first',
    optional: true,
    description:
      'From the hour or day (UTC) that this moment or day is in: at most as long ago as the logs are kept (400 days, unless set otherwise), and 90 days before `to`. Default: 90 days of days, or 7 days of hours.',
  })
  from?: Date;

  @TimestampField({
    day: 'last',
    optional: true,
    description: 'Up to the end of the hour or day (UTC) that this moment or day is in. Default: now.',
  })
  to?: Date;

  @EnumField({ values: GRANULARITIES, default: 'day', description: 'What the series counts by.' })
  granularity!: Granularity;
}

/** What `GET /usage` takes. */
export class UsageQuery extends UsageRangeQuery {
  @IdField('store', {
    optional: true,
    description: 'This store alone; a sandbox has a quota of its own, which is told instead.',
  })
  storeId?: string;

  @IntegerField({ min: 1, max: 100, default: 20, description: 'How many keys are told of.' })
  limit!: number;
}
