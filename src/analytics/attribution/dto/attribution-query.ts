import { IntegerField } from '../../../platform/http/input/index.js';
import { RangeQuery } from '../../metrics/dto/metrics-query.js';
import type { Credited, Model } from '../attribution-sql.js';
import { CreditedField, LookbackField, ModelOrderField } from './attribution-fields.js';

export class AttributionQuery extends RangeQuery {
  @CreditedField() by!: Credited;
  @LookbackField() lookbackDays!: number;
  @ModelOrderField() sortBy!: Model;
  @IntegerField({ min: 1, max: 100, default: 20, description: 'How many, at most.' }) limit!: number;
}
