import { EnumField, IntegerField } from '../../../platform/http/input/index.js';
import { RangeQuery } from '../../metrics/dto/metrics-query.js';
import { CREDITED, type Credited, type Model, MODELS } from '../attribution-sql.js';

export class AttributionQuery extends RangeQuery {
  @EnumField({ values: CREDITED, default: 'channel', description: 'What the credit goes to.' }) by!: Credited;

  @IntegerField({
    min: 1,
    max: 90,
    default: 30,
    description: 'For how many days before a conversion its visitor’s visits and clicks count.',
  })
  lookbackDays!: number;

  @EnumField({
    values: MODELS,
    default: 'last',
    description: 'Those first that have most credit by this model.',
  })
  sortBy!: Model;

  @IntegerField({ min: 1, max: 100, default: 20, description: 'How many, at most.' }) limit!: number;
}
