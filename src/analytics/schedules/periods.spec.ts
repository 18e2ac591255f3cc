import { describe, expect, it } from '@jest/globals';
import { daysOf, type PeriodName, rangeOf } from './periods.js';

// A Wednesday; in Auckland it is Thursday already.
const AT = new Date('2026-03-04T22:30:00Z');

describe('the days of a period', () => {
  it.each<[PeriodName, string, string, string]>([
    ['previous-day', 'UTC', '2026-03-03', '2026-03-03'],
    ['previous-day', 'Pacific/Auckland', '2026-03-04', '2026-03-04'],
    ['previous-week', 'UTC', '2026-02-23', '2026-03-01'],
    ['previous-month', 'UTC', '2026-02-01', '2026-02-28'],
    ['last-7-days', 'UTC', '2026-02-25', '2026-03-03'],
    ['last-30-days', 'UTC', '2026-02-02', '2026-03-03'],
  ])('%s, %s', (period, timeZone, from, to) => {
    expect(daysOf(period, AT, timeZone)).toEqual({ from, to });
  });

  it.each([
    ['2026-03-02T00:00:00Z', '2026-02-23', '2026-03-01'],
    ['2026-03-01T23:59:59Z', '2026-02-16', '2026-02-22'],
  ])('are a week from Monday to Sunday, at %s', (at, from, to) => {
    expect(daysOf('previous-week', new Date(at), 'UTC')).toEqual({ from, to });
  });

  it('are whole ones, also where the clocks change', () => {
    const { from, to } = rangeOf({ from: '2026-03-29', to: '2026-03-29' }, 'Europe/Berlin');
    expect([from, to].map((at) => at.toISOString())).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
  });
});
