import { CreditedField, LookbackField, ModelOrderField } from '../../attribution/dto/attribution-fields.js';
import type { Credited, Model } from '../../attribution/attribution-sql.js';
import { StepsField, WindowField } from '../../funnels/dto/funnel-fields.js';
import type { ReportAttribution, ReportFunnel } from '../report.entity.js';

/** Which funnel a report shows. */
export class ReportFunnelBody implements ReportFunnel {
  @StepsField('The steps, in their order.') steps!: string[];
  @WindowField() windowHours!: number;
}

/** How a report shares the conversions. */
export class ReportAttributionBody implements ReportAttribution {
  @CreditedField() by!: Credited;
  @LookbackField() lookbackDays!: number;
  @ModelOrderField() sortBy!: Model;
}
