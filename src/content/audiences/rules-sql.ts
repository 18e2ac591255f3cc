import type { ObjectLiteral } from 'typeorm';
import { type FieldError, InvalidInput } from '../../platform/errors/index.js';
import type { Scalar } from '../../platform/http/input/index.js';
import type { Condition, Rules } from './audience.entity.js';

/** A condition in SQL, and the values of its parameters. */
export interface RulesSql {
  readonly sql: string;
  readonly parameters: ObjectLiteral;
}

/** @throws InvalidInput for a value that its operator cannot compare with */
export function assertRules(rules: Rules | null): void {
  const faults = (rules?.conditions ?? []).flatMap(({ operator, value }, index): FieldError[] => {
    const reason = faultOf(operator, value);
    return reason === undefined ? [] : [{ field: `rules.conditions[${index}].value`, reason }];
  });
  const [first, ...others] = faults;
  if (first) throw new InvalidInput([first, ...others]);
}

function faultOf(operator: Condition['operator'], value: Condition['value']): string | undefined {
  if (operator === 'exists' || operator === 'missing') {
    return value === undefined ? undefined : `is nothing to ${operator}`;
  }
  if (value === undefined) return 'is required';
  if (operator === 'in')
    return Array.isArray(value) && value.length > 0 ? undefined : 'must be a list, of one or more';
  if (Array.isArray(value)) return `must not be a list for ${operator}`;
  if (operator === 'eq' || operator === 'ne') return undefined;
  if (operator === 'contains') return typeof value === 'string' ? undefined : 'must be a text for contains';
  return typeof value === 'boolean' ? `must be a number or a text for ${operator}` : undefined;
}

/**
 * The rules as a condition on customers. Names and values come as parameters, never as text of the statement.
 * @param column the column of attributes
 */
export function rulesSql({ match, conditions }: Rules, column: string): RulesSql {
  const parameters: ObjectLiteral = {};
  const parts = conditions.map((condition, index) => conditionSql(condition, column, index, parameters));
  return { sql: `(${parts.join(match === 'all' ? ' AND ' : ' OR ')})`, parameters };
}

const COMPARISONS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function conditionSql(
  { attribute, operator, value }: Condition,
  column: string,
  index: number,
  parameters: ObjectLiteral,
): string {
  const name = `attribute${index}`;
  const given = `value${index}`;
  // Containment is what the index of attributes serves.
  const has = (one: Scalar, suffix = '') => {
    parameters[`${given}${suffix}`] = JSON.stringify({ [attribute]: one });
    return `${column} @> CAST(:${given}${suffix} AS jsonb)`;
  };
  switch (operator) {
    case 'eq':
      return has(value as Scalar);
    case 'ne':
      return `NOT (${has(value as Scalar)})`;
    case 'in':
      return `(${(value as readonly Scalar[]).map((one, place) => has(one, `_${place}`)).join(' OR ')})`;
    case 'exists':
    case 'missing':
      parameters[name] = attribute;
      return `${operator === 'missing' ? 'NOT ' : ''}jsonb_exists(${column}, :${name})`;
    case 'contains':
      parameters[name] = attribute;
      parameters[given] = value;
      return `CASE jsonb_typeof(${column} -> :${name})
        WHEN 'string' THEN strpos(lower(${column} ->> :${name}), lower(:${given})) > 0
        WHEN 'array' THEN ${column} -> :${name} @> to_jsonb(CAST(:${given} AS text))
        ELSE false END`;
    default: {
      parameters[name] = attribute;
      parameters[given] = value;
      // Numbers among numbers, texts among texts by their code points: RFC 3339 orders as time does.
      const numbers = typeof value === 'number';
      const left = numbers
        ? `CAST(${column} ->> :${name} AS numeric)`
        : `(${column} ->> :${name}) COLLATE "C"`;
      const right = numbers ? `CAST(:${given} AS numeric)` : `:${given}`;
      return `CASE jsonb_typeof(${column} -> :${name})
        WHEN '${numbers ? 'number' : 'string'}' THEN ${left} ${COMPARISONS[operator]} ${right} ELSE false END`;
    }
  }
}
