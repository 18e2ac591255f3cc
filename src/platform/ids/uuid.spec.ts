import { describe, expect, it } from '@jest/globals';
import { newUuid, timeOfUuid } from './index.js';

describe('newUuid', () => {
  it('is a version 7 UUID of the RFC variant, made now', () => {
    const before = Date.now();
    const uuid = newUuid();
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(timeOfUuid(uuid)).toBeGreaterThanOrEqual(before);
  });

  it('is different every time, and in the order of making, also within a millisecond', () => {
    const made = Array.from({ length: 20_000 }, () => newUuid());
    expect(new Set(made).size).toBe(made.length);
    expect([...made].sort()).toEqual(made);
  });

  it('has 62 random bits: each of them is sometimes set and sometimes not', () => {
    const seen = Array.from({ length: 2_000 }, () => BigInt(`0x${newUuid().slice(19).replace('-', '')}`));
    for (let bit = 0n; bit < 62n; bit++) {
      const set = seen.filter((value) => (value >> bit) & 1n).length;
      expect(set).toBeGreaterThan(800);
      expect(set).toBeLessThan(1_200);
    }
  });
});
