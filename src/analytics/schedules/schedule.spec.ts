import { describe, expect, it } from '@jest/globals';
import { assertSchedule, lastDue, nextDue } from './schedule.js';

const berlin = (schedule: string) => ({ schedule, timeZone: 'Europe/Berlin' });
const at = (text: string) => new Date(text);

describe('a schedule', () => {
  it.each([
    ['0 9 * * 1', '2026-03-28T12:00:00Z', '2026-03-30T07:00:00.000Z'],
    ['30 8 * * *', '2026-03-28T07:30:00Z', '2026-03-29T06:30:00.000Z'],
    ['15 * * * *', '2026-10-25T00:15:00Z', '2026-10-25T01:15:00.000Z'],
  ])('%s comes due after %s at %s', (schedule, after, expected) => {
    expect(nextDue(berlin(schedule), at(after))?.toISOString()).toBe(expected);
  });

  it('was last due at the time that has come, this second included', () => {
    const daily = berlin('30 8 * * *');
    expect(lastDue(daily, at('2026-03-28T07:30:00Z'))).toEqual(at('2026-03-28T07:30:00Z'));
    expect(lastDue(daily, at('2026-03-28T07:30:00.250Z'))).toEqual(at('2026-03-28T07:30:00Z'));
    expect(lastDue(daily, at('2026-03-28T07:29:59.900Z'))).toEqual(at('2026-03-27T07:30:00Z'));
  });

  it.each([
    ['* * * * *', 'must begin with one minute'],
    ['0,30 * * * *', 'must begin with one minute'],
    ['*/30 * * * *', 'must begin with one minute'],
    ['0 9 * *', 'must have five fields'],
    ['0 0 9 * * 1', 'must have five fields'],
    ['@hourly', 'must have five fields'],
    ['0 25 * * *', 'cannot be read'],
    ['0 0 30 2 *', 'never comes due'],
  ])('%s is refused: it %s', (schedule, reason) => {
    expect(() => assertSchedule(schedule, 'UTC')).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ field: 'schedule', reason: expect.stringContaining(reason) }),
      }),
    );
  });
});
