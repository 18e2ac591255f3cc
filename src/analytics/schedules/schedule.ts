import { Cron } from 'croner';
import { InvalidInput } from '../../platform/errors/index.js';
import { isTimeZone } from '../../platform/time/index.js';

/** When something is to be done again and again, as the clocks of a time zone show it. */
export interface Schedule {
  /** Cron, five fields. */
  readonly schedule: string;
  /** IANA. */
  readonly timeZone: string;
}

const ONE_MINUTE = /^[0-5]?[0-9]$/;

/**
 * That a schedule can be kept: it can be read, comes due at some time, and not more often than hourly.
 * @param schedule null for none
 * @throws InvalidInput
 */
export function assertSchedule(schedule: string | null, timeZone: string): void {
  if (!isTimeZone(timeZone)) {
    throw new InvalidInput([
      { field: 'timezone', reason: 'must be a time zone of IANA, e.g. Europe/Berlin' },
    ]);
  }
  const reason = schedule === null ? undefined : faultOf(schedule, timeZone);
  if (reason !== undefined) throw new InvalidInput([{ field: 'schedule', reason }]);
}

function faultOf(schedule: string, timeZone: string): string | undefined {
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5)
    return 'must have five fields: minute, hour, day of the month, month, day of the week';
  if (!ONE_MINUTE.test(fields[0] ?? ''))
    return 'must begin with one minute, 0 to 59: it may not come due more often than hourly';
  try {
    return nextDue({ schedule, timeZone }, new Date()) ? undefined : 'never comes due';
  } catch (error) {
    // The package says what is wrong with which field.
    const message = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : '';
    return `cannot be read: ${message}`;
  }
}

/** The first time that is later; undefined where there is none. */
export function nextDue({ schedule, timeZone }: Schedule, after: Date): Date | undefined {
  return cronOf(schedule, timeZone).nextRun(after) ?? undefined;
}

/** The last time that has come; undefined where there is none. */
export function lastDue({ schedule, timeZone }: Schedule, now: Date): Date | undefined {
  // What is due this very second has come.
  const times = cronOf(schedule, timeZone).previousRuns(2, new Date(now.getTime() + 1_000));
  return times.find((time) => time <= now);
}

function cronOf(schedule: string, timeZone: string): Cron {
  return new Cron(schedule, { timezone: timeZone, mode: '5-part', paused: true });
}
