import { NOT_BLANK, ObjectField, partialOf, TextField } from '../../../platform/http/input/index.js';
import { RulesBody } from './rules-body.js';

/** A whole audience, as POST and PUT take it. */
export class AudienceBody {
  @TextField({ max: 200, ...NOT_BLANK, description: 'What people call it.', example: 'Regulars in Berlin' })
  name!: string;

  @TextField({
    min: 0,
    max: 5_000,
    multiline: true,
    default: '',
    description: 'Who they are.',
    example: 'Bought three times or more.',
  })
  description!: string;

  @ObjectField(() => RulesBody, {
    optional: true,
    nullable: true,
    description: 'Which customers are in it by their attributes; null: only those that are listed.',
    example: { match: 'all', conditions: [{ attribute: 'city', operator: 'eq', value: 'Berlin' }] },
  })
  rules?: RulesBody | null;
}

/** What PATCH takes: any of the fields. */
export class AudiencePatch extends partialOf(AudienceBody) {}

/** What an estimate takes. */
export class EstimateBody {
  @ObjectField(() => RulesBody, {
    description: 'The rules to try.',
    example: { match: 'any', conditions: [{ attribute: 'orders', operator: 'gte', value: 3 }] },
  })
  rules!: RulesBody;
}
