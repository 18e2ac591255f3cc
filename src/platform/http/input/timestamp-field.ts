import type { ApiPropertyOptions } from '@nestjs/swagger';
import { field, type FieldOptions } from './field.js';
import { Refused } from './refused.js';
import { notText } from './text.js';
import { parseDay, parseTimestamp } from './timestamp.js';

export interface TimestampFieldOptions extends FieldOptions<string> {
  /** A day alone (`2026-03-01`) is taken too, and stands for its first or last millisecond in UTC. */
  day?: 'first' | 'last';
}

const REASON = 'must be a date and time with its offset (RFC 3339), e.g. 2026-03-01T09:00:00Z';
const REASON_OR_DAY = `${REASON}, or a day, e.g. 2026-03-01`;

/** `format` has no word for "one or the other", so that a pattern says it. */
const TIMESTAMP_OR_DAY =
  '^\\d{4}-\\d{2}-\\d{2}([Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2}))?$';

/** A moment: RFC 3339 with an offset, in the years 0001 to 9999. The handler gets a Date. */
export function TimestampField(options: TimestampFieldOptions): PropertyDecorator {
  const { day } = options;
  const read = (value: unknown, textual: boolean) => {
    if (typeof value !== 'string') return new Refused(notText(value, textual));
    const date = parseTimestamp(value) ?? (day ? parseDay(value, day) : undefined);
    return date ?? new Refused(day ? REASON_OR_DAY : REASON);
  };
  return field({ read, schema: schemaOf(day) }, options);
}

function schemaOf(day: TimestampFieldOptions['day']): ApiPropertyOptions {
  return day ? { type: 'string', pattern: TIMESTAMP_OR_DAY } : { type: 'string', format: 'date-time' };
}
