import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { projectedExhaustion } from './quota-projection.js';

const START = Date.parse('2026-03-01T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const hour = (used: number, limit: number) =>
  ({ name: 'hour', used, limit, seconds: 3_600, resetsAt: START + HOUR_MS }) as const;
const minutes = (count: number) => START + count * 60_000;

describe('the projected exhaustion of a window', () => {
  it('goes on at the pace since the window began', () => {
    expect(projectedExhaustion(hour(50, 100), minutes(20))).toBe(minutes(40));
    expect(projectedExhaustion(hour(99, 100), minutes(29.7))).toBe(minutes(30));
  });

  it('is null where the window is renewed first, or at that moment', () => {
    expect(projectedExhaustion(hour(50, 100), minutes(40))).toBeNull();
    expect(projectedExhaustion(hour(50, 100), minutes(30))).toBeNull();
  });

  it('is null where nothing was used, and at the first moment', () => {
    expect(projectedExhaustion(hour(0, 100), minutes(59))).toBeNull();
    expect(projectedExhaustion(hour(3, 100), START)).toBeNull();
  });

  it('is now where nothing is left, a limit of none included', () => {
    expect(projectedExhaustion(hour(100, 100), minutes(5))).toBe(minutes(5));
    expect(projectedExhaustion(hour(0, 0), minutes(5))).toBe(minutes(5));
  });

  it('lies after now and before the renewal, wherever there is one', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.integer({ min: 1, max: 1_000 }),
        fc.nat(HOUR_MS - 1),
        (used, limit, ms) => {
          const projected = projectedExhaustion(hour(Math.min(used, limit), limit), START + ms);
          if (projected === null) return;
          expect(projected).toBeGreaterThanOrEqual(START + ms);
          expect(projected).toBeLessThan(START + HOUR_MS);
        },
      ),
    );
  });
});
