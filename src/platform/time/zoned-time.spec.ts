import { describe, expect, it } from '@jest/globals';
import { isTimeZone, momentOf } from './zoned-time.js';

const at = (day: string, minutes: number, zone: string) =>
  momentOf(new Date(`${day}T00:00:00Z`), minutes, zone).toISOString();

describe('the moment of a time of day', () => {
  it.each([
    ['2026-03-01', 540, 'UTC', '2026-03-01T09:00:00.000Z'],
    ['2026-03-01', 540, 'Europe/Berlin', '2026-03-01T08:00:00.000Z'],
    ['2026-07-01', 540, 'Europe/Berlin', '2026-07-01T07:00:00.000Z'],
    ['2026-03-01', 540, 'Pacific/Auckland', '2026-02-28T20:00:00.000Z'],
    ['2026-03-01', 1_080, 'America/Los_Angeles', '2026-03-02T02:00:00.000Z'],
    ['2026-03-01', 540, 'Asia/Kathmandu', '2026-03-01T03:15:00.000Z'],
    // the days on which the clocks change there
    ['2026-03-29', 540, 'Europe/Berlin', '2026-03-29T07:00:00.000Z'],
    ['2026-10-25', 540, 'Europe/Berlin', '2026-10-25T08:00:00.000Z'],
    ['2026-03-08', 60, 'America/New_York', '2026-03-08T06:00:00.000Z'],
    // 02:30 is leapt over
    ['2026-03-29', 150, 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ])('%s, minute %i, %s', (day, minutes, zone, expected) => {
    expect(at(day, minutes, zone)).toBe(expected);
  });
});

it.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Europe/Nowhere', false],
  ['', false],
  ['../etc', false],
])('%s is a time zone: %p', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});
