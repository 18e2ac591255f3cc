import { RangeOnlyQuery } from '../../metrics/dto/metrics-query.js';
import { StepsField, WindowField } from './funnel-fields.js';

export class FunnelQuery extends RangeOnlyQuery {
  @StepsField('The steps, in their order; repeat the parameter.') step!: string[];
  @WindowField() windowHours!: number;
}
