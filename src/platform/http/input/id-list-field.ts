import type { ApiPropertyOptions } from '@nestjs/swagger';
import { fromPublicId, ID_PREFIX, type IdKind } from '../../ids/index.js';
import { type ListLimits, sizeFault } from './collection-fields.js';
import { field, type FieldOptions } from './field.js';
import { Refused } from './refused.js';
import { idPattern } from './text-fields.js';

/**
 * A list of public ids of one kind, in a body; the handler gets their UUIDs, each once: what comes again is refused
 * where it must be `unique`, else passed over.
 */
export function IdListField(kind: IdKind, options: FieldOptions<string[]> & ListLimits): PropertyDecorator {
  const read = (value: unknown) => {
    if (!Array.isArray(value)) return new Refused('must be a list');
    const size = sizeFault(value.length, options);
    if (size) return new Refused(size);
    const ids = value.map((entry) => fromPublicId(kind, entry));
    const reason = `must be the id of a ${kind}, ${ID_PREFIX[kind]}_…`;
    const errors = ids.flatMap((id, index) => (id === undefined ? [{ field: `[${index}]`, reason }] : []));
    if (options.unique) {
      for (const [index, id] of ids.entries()) {
        if (id !== undefined && ids.indexOf(id) < index) {
          errors.push({ field: `[${index}]`, reason: 'is there twice' });
        }
      }
    }
    return errors.length > 0 ? new Refused(errors) : [...new Set(ids)];
  };
  const schema = {
    type: 'array',
    items: { type: 'string', pattern: idPattern(kind) },
    ...(options.minItems ? { minItems: options.minItems } : {}),
    maxItems: options.maxItems,
    ...(options.unique ? { uniqueItems: true } : {}),
  } as ApiPropertyOptions;
  return field({ read, schema }, options);
}
