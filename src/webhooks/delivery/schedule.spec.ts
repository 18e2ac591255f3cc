import { describe, expect, it } from '@jest/globals';
import { GIVE_UP_AFTER_SECONDS, openSeconds, pauseSeconds, retryAfterSeconds } from './schedule.js';

const HOUR = 3_600;
const NOW = new Date('2026-11-26T12:00:00Z');

describe('the schedule of a delivery', () => {
  it('is 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 10 h and every 10 h, until three days are over', () => {
    const pauses: number[] = [];
    for (let age = 0; ;) {
      const pause = pauseSeconds(pauses.length + 1, age, undefined, 0.5);
      if (pause === undefined) break;
      pauses.push(Math.round(pause));
      age += pause;
    }
    expect(pauses).toEqual([5, 300, 1_800, 2 * HOUR, 5 * HOUR, ...Array<number>(6).fill(10 * HOUR)]);
  });

  it('differs by a tenth, up and down', () => {
    expect([pauseSeconds(2, 0, undefined, 0), pauseSeconds(2, 0, undefined, 1)]).toEqual([270, 330]);
  });

  it('waits as long as the receiver asks, up to a day, and never less than planned', () => {
    expect(pauseSeconds(1, 0, 60, 0.5)).toBe(60);
    expect(pauseSeconds(1, 0, 1, 0.5)).toBe(5);
    expect(pauseSeconds(1, 0, 1e9, 0.5)).toBe(24 * HOUR);
    expect(pauseSeconds(1, GIVE_UP_AFTER_SECONDS - 10, 60, 0.5)).toBeUndefined();
  });

  it.each([
    ['120', 120],
    [' 7 ', 7],
    ['0', 0],
    ['9999999999', 24 * HOUR],
    ['Thu, 26 Nov 2026 12:01:30 GMT', 90],
    ['Thu, 26 Nov 2026 11:00:00 GMT', undefined],
    ['Fri, 26 Nov 2027 12:00:00 GMT', 24 * HOUR],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads Retry-After: %s', (header, seconds) => {
    expect(retryAfterSeconds(header, NOW)).toBe(seconds);
  });

  it('leaves a receiver alone after five failures in a row, longer each time, up to five minutes', () => {
    expect([0, 4, 5, 6, 7, 11, 12, 2_000].map(openSeconds)).toEqual([0, 0, 5, 10, 20, 300, 300, 300]);
  });
});
