import { InvalidInput } from '../platform/errors/index.js';

export const EXPIRES_IN = ['never', '30d', '60d', '90d', '1y'] as const;
export type ExpiresIn = (typeof EXPIRES_IN)[number];

const DAY_MS = 86_400_000;
const LENGTH_DAYS: Readonly<Record<Exclude<ExpiresIn, 'never'>, number>> = {
  '30d': 30,
  '60d': 60,
  '90d': 90,
  '1y': 365,
};

/**
 * When a new key ends: `expiresIn` from now, or at `expiresAt`; null is never, which is also the default.
 * @throws InvalidInput where both are given or the moment has passed
 */
export function expiryOf(input: { expiresIn?: ExpiresIn; expiresAt?: Date | null }, now: Date): Date | null {
  if (input.expiresIn !== undefined && input.expiresAt !== undefined) {
    throw new InvalidInput([{ field: 'expiresAt', reason: 'must not be given together with expiresIn' }]);
  }
  if (input.expiresAt) return assertFuture(input.expiresAt, now);
  if (input.expiresIn === undefined || input.expiresIn === 'never') return null;
  return new Date(now.getTime() + LENGTH_DAYS[input.expiresIn] * DAY_MS);
}

/**
 * The end that a change gives a key, as above; undefined where the change names none.
 * @throws InvalidInput as above
 */
export function changedExpiryOf(
  input: { expiresIn?: ExpiresIn; expiresAt?: Date | null },
  now: Date,
): Date | null | undefined {
  if (input.expiresIn === undefined && input.expiresAt === undefined) return undefined;
  return expiryOf(input, now);
}

/** @throws InvalidInput where the moment has passed */
function assertFuture(moment: Date, now: Date): Date {
  if (moment <= now) throw new InvalidInput([{ field: 'expiresAt', reason: 'must be in the future' }]);
  return moment;
}
