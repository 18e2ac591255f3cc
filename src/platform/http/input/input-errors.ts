import type { ValidationError } from 'class-validator';
import type { FieldError } from '../../errors/index.js';
import { shortened } from './input-shape.js';
import { Refused } from './refused.js';

/** More would say nothing new. */
export const MOST_ERRORS = 100;

/** Every fault of an input with its path (`items[2].name`), in the order of the class's fields. */
export function fieldErrors(errors: readonly ValidationError[], unknownReason: string): FieldError[] {
  const found: FieldError[] = [];
  collect(errors, '', unknownReason, found);
  return found.slice(0, MOST_ERRORS);
}

function collect(
  errors: readonly ValidationError[],
  path: string,
  unknownReason: string,
  found: FieldError[],
): void {
  for (const { property, value, constraints, children } of errors) {
    const here = join(path, property);
    for (const [kind, message] of Object.entries(constraints ?? {})) {
      if (kind === 'whitelistValidation') found.push({ field: shortened(here), reason: unknownReason });
      else if (value instanceof Refused) found.push(...refusals(here, value));
      else found.push({ field: shortened(here), reason: message });
    }
    if (children) collect(children, here, unknownReason, found);
  }
}

function refusals(path: string, refused: Refused): FieldError[] {
  return refused.errors.map(({ field, reason }) => ({ field: shortened(path + field), reason }));
}

function join(path: string, property: string): string {
  if (/^\d+$/.test(property) && path !== '') return `${path}[${property}]`;
  return path === '' ? property : `${path}.${property}`;
}
