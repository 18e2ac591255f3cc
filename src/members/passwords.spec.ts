import { describe, expect, it } from '@jest/globals';
import { getRounds } from 'bcrypt';
import { AppError, InvalidInput } from '../platform/errors/index.js';
import { Passwords } from './passwords.js';

/** 72 bytes. */
const LONGEST = 'éàüö'.repeat(9);

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!(error instanceof AppError)) throw new Error('It did not fail as expected.');
  return error;
}

describe('Passwords', () => {
  const passwords = new Passwords();

  it('hashes with bcrypt at cost 12, and knows the password again', async () => {
    const hash = await passwords.hash('correct horse');
    expect(getRounds(hash)).toBe(12);
    expect(await passwords.verify('correct horse', hash)).toBe(true);
    expect(await passwords.verify('correct house', hash)).toBe(false);
  });

  it('refuses a password over 72 bytes instead of cutting it, when it is set and when it is tried', async () => {
    const hash = await passwords.hash(LONGEST);
    expect(await passwords.verify(LONGEST, hash)).toBe(true);
    expect(await failureOf(passwords.verify(`${LONGEST}x`, hash))).toBeInstanceOf(InvalidInput);
    expect(await failureOf(passwords.hash(`${LONGEST}x`))).toBeInstanceOf(InvalidInput);
  });

  it('says no where there is no hash, after a bcrypt of the same cost', async () => {
    const hash = await passwords.hash('correct horse');
    const times = { known: Infinity, unknown: Infinity };
    // in turns, and the least of each, so that a busy machine does not decide
    for (let turn = 0; turn < 3; turn += 1) {
      times.known = Math.min(
        times.known,
        await millisecondsOf(() => passwords.verify('wrong password', hash)),
      );
      times.unknown = Math.min(
        times.unknown,
        await millisecondsOf(async () => expect(await passwords.verify('wrong password', null)).toBe(false)),
      );
    }
    // one step of cost is a factor of two
    expect(times.unknown).toBeGreaterThan(times.known / 1.8);
  });

  it('computes few at once: what is too much is told to come again in a second, and the rest is answered', async () => {
    const hash = await passwords.hash('correct horse');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => passwords.verify('correct horse', hash)),
    );
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as AppError] : [],
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value)).toHaveLength(18);
    expect(refusals.map((error) => [error.status, error.headers['Retry-After']])).toEqual([
      [429, '1'],
      [429, '1'],
    ]);
  });
});

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
