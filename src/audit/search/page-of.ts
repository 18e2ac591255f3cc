import type { Type } from '@nestjs/common';
import { field, fieldsOf } from '../../platform/http/input/index.js';

/** The class for a list's query: the fields of a filter, and those of a page. */
export function pageOf<F extends object, P extends object>(filter: Type<F>, page: Type<P>): Type<F & P> {
  class PageQuery {}
  for (const source of [filter, page]) {
    for (const [property, { rule, options }] of fieldsOf(source.prototype as object)) {
      field(rule, options)(PageQuery.prototype, property);
    }
  }
  return PageQuery as Type<F & P>;
}
