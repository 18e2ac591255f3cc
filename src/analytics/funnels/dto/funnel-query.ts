import { IntegerField, TextListField } from '../../../platform/http/input/index.js';
import { RangeOnlyQuery } from '../../metrics/dto/metrics-query.js';

export class FunnelQuery extends RangeOnlyQuery {
  @TextListField({
    item: { max: 620 },
    minItems: 2,
    maxItems: 8,
    description:
      'The steps, in their order; repeat the parameter. Each is a kind of event, with `:name` and `@page` where only ' +
      'those are meant: `page_view@/p/spring`, `custom:quiz done`.',
    example: ['visit', 'add_to_cart', 'conversion'],
  })
  step!: string[];

  @IntegerField({
    min: 1,
    max: 2_160,
    default: 168,
    description: 'How long a visitor has for all of it, from the first step on.',
  })
  windowHours!: number;
}
