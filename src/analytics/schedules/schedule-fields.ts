import { EnumField } from '../../platform/http/input/index.js';
import { SCHEDULE_STATUSES } from './scheduled.js';

/** Whether what is done by a schedule is done, in a body. */
export function ScheduleStatusField(): PropertyDecorator {
  return EnumField({
    values: SCHEDULE_STATUSES,
    optional: true,
    description:
      'Of a new one `ACTIVE`. `PAUSED`: its schedule makes none, and what comes due is not made up for.',
    example: 'ACTIVE',
  });
}

/** The fields of a body that were given. */
export function given<T extends object>(body: T): T {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T;
}
