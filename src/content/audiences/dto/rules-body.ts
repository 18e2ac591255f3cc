import {
  EnumField,
  ObjectListField,
  type Scalar,
  ScalarsField,
  TextField,
} from '../../../platform/http/input/index.js';
import { type Condition, MATCHES, type Operator, OPERATORS, type Rules } from '../audience.entity.js';

/** How an attribute is named. */
export const ATTRIBUTE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,49}$/;

/** What one attribute must be. */
export class ConditionBody implements Condition {
  @TextField({
    max: 50,
    pattern: ATTRIBUTE_NAME,
    patternReason: 'must be of letters, digits and underscores, a letter first',
    description: 'An attribute of customers.',
    example: 'country',
  })
  attribute!: string;

  @EnumField({
    values: OPERATORS,
    description:
      '`eq`, `ne` (also where there is none); `gt`, `gte`, `lt`, `lte` among numbers, or among texts, such as times in ' +
      'RFC 3339; `in` a list; `contains` a text within a text, or in a list; `exists`, `missing`.',
    example: 'eq',
  })
  operator!: Operator;

  @ScalarsField({
    optional: true,
    description: 'What to compare with; a list for `in`, nothing for `exists` and `missing`.',
    example: 'DE',
  })
  value?: Scalar | Scalar[];
}

/** Which customers fit. */
export class RulesBody implements Rules {
  @EnumField({ values: MATCHES, default: 'all', description: 'Whether all conditions must hold, or any.' })
  match!: 'all' | 'any';

  @ObjectListField(() => ConditionBody, { minItems: 1, maxItems: 20, description: 'The conditions.' })
  conditions!: ConditionBody[];
}
