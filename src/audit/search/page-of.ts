import type { Type } from '@nestjs/common';
import { field, fieldsOf } from '../../platform/http/input/index.js';

/** The class for a list's query: those fields of a filter, all of them by default, and those of a page. */
export function pageOf<F extends object, P extends object, Name extends keyof F & string = keyof F & string>(
  filter: Type<F>,
  page: Type<P>,
  names?: readonly Name[],
): Type<Pick<F, Name> & P> {
  class PageQuery {}
  for (const [property, { rule, options }] of fieldsOf(filter.prototype as object)) {
    if (names && !names.includes(property as Name)) continue;
    field(rule, options)(PageQuery.prototype, property);
  }
  for (const [property, { rule, options }] of fieldsOf(page.prototype as object)) {
    field(rule, options)(PageQuery.prototype, property);
  }
  return PageQuery as Type<Pick<F, Name> & P>;
}
