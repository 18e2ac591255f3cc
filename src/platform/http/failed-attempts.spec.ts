import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FailedAttempts, TooManyFailedAttempts } from './failed-attempts.js';

let attempts: FailedAttempts;
beforeEach(() => {
  attempts = new FailedAttempts();
});
afterEach(() => attempts.onApplicationShutdown());

async function fail(times: number, address: (index: number) => string): Promise<void> {
  for (let index = 0; index < times; index += 1) await attempts.record('token', address(index));
}
const blocked = (address: string) => attempts.blockedSeconds('token', address) > 0;

describe('failed attempts', () => {
  it('block an address for a minute with the sixtieth', async () => {
    await fail(59, () => '203.0.113.9');
    expect(attempts.blockedSeconds('token', '203.0.113.9')).toBe(0);
    expect(() => attempts.assertAllowed('token', '203.0.113.9')).not.toThrow();
    await fail(1, () => '203.0.113.9');
    const seconds = attempts.blockedSeconds('token', '203.0.113.9');
    expect(seconds).toBeGreaterThan(58);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(() => attempts.assertAllowed('token', '203.0.113.9')).toThrow(
      expect.objectContaining({
        code: 'TOO_MANY_FAILED_ATTEMPTS',
        status: 429,
        headers: { 'Retry-After': String(seconds) },
      }),
    );
  });

  it('block nobody else, and nothing else', async () => {
    await fail(60, () => '203.0.113.9');
    expect(blocked('203.0.113.8')).toBe(false);
    expect(attempts.blockedSeconds('sign-in', '203.0.113.9')).toBe(0);
  });

  it('are counted for the whole /64 of an IPv6 address', async () => {
    await fail(60, (index) => `2001:db8:0:7:${index.toString(16)}::${index.toString(16)}`);
    expect(blocked('2001:db8:0:7::1')).toBe(true);
    expect(blocked('2001:db8:0:7:ffff:ffff:ffff:ffff')).toBe(true);
    expect(blocked('2001:db8:0:8::1')).toBe(false);
    expect(blocked('2001:db8::1')).toBe(false);
  });

  it('know one network by all of its spellings', async () => {
    const spellings = ['2001:db8::1', '2001:0db8:0000:0000:0:0:0:2', '2001:db8:0:0::3', '2001:db8::5:6:7:8'];
    await fail(60, (index) => spellings[index % spellings.length] ?? '');
    expect(spellings.map(blocked)).toEqual(spellings.map(() => true));
    expect(blocked('2001:db8:0:1::')).toBe(false);
  });

  it('know the networks that begin or end in zeros', async () => {
    await fail(60, () => '::1');
    expect(blocked('::2')).toBe(true);
    expect(blocked('0:0:0:0:1::')).toBe(true);
    expect(blocked('1::')).toBe(false);
  });

  it('never tell somebody to come back at once', () => {
    expect(new TooManyFailedAttempts(0).headers).toEqual({ 'Retry-After': '1' });
  });
});
