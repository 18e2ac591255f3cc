import { describe, expect, it } from '@jest/globals';
import { changedExpiryOf, EXPIRES_IN, expiryOf } from './expiry.js';

const NOW = new Date('2026-02-27T23:30:00.250Z');
const later = (days: number) => new Date(NOW.getTime() + days * 24 * 3_600_000);
const refused = (reason: string) =>
  expect.objectContaining({
    code: 'INVALID_INPUT',
    details: expect.objectContaining({ field: 'expiresAt', reason }),
  });

describe('the end of a new key', () => {
  it.each([
    ['never', null],
    ['30d', later(30)],
    ['60d', later(60)],
    ['90d', later(90)],
    ['1y', later(365)],
  ] as const)('for %s is counted from now', (expiresIn, end) => {
    expect(expiryOf({ expiresIn }, NOW)).toEqual(end);
  });

  it('is known for every word that the API takes', () => {
    expect(EXPIRES_IN.map((expiresIn) => Number.isNaN(expiryOf({ expiresIn }, NOW)?.getTime()))).toEqual(
      EXPIRES_IN.map(() => false),
    );
  });

  it('is never, where nothing is said', () => {
    expect(expiryOf({}, NOW)).toBeNull();
  });

  it('is the moment given', () => {
    expect(expiryOf({ expiresAt: later(1) }, NOW)).toEqual(later(1));
  });

  it.each([new Date(NOW), later(-1)])('is not %p, which has passed', (expiresAt) => {
    expect(() => expiryOf({ expiresAt }, NOW)).toThrow(refused('must be in the future'));
    expect(() => changedExpiryOf({ expiresAt }, NOW)).toThrow(refused('must be in the future'));
  });

  it('stays as it is where a change says nothing, and is none where it says null or never', () => {
    expect(changedExpiryOf({}, NOW)).toBeUndefined();
    expect(changedExpiryOf({ expiresAt: null }, NOW)).toBeNull();
    expect(changedExpiryOf({ expiresIn: 'never' }, NOW)).toBeNull();
    expect(changedExpiryOf({ expiresIn: '30d' }, NOW)).toEqual(later(30));
  });

  it('is not said twice', () => {
    const both = refused('must not be given together with expiresIn');
    expect(() => expiryOf({ expiresIn: '30d', expiresAt: later(1) }, NOW)).toThrow(both);
    expect(() => expiryOf({ expiresIn: 'never', expiresAt: later(1) }, NOW)).toThrow(both);
  });
});
