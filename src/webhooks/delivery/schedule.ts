const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds from one failed attempt to the next; the last pause repeats. */
const PAUSES_SECONDS = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];
/** Pauses differ by so much, up and down, so that what failed together does not come back together. */
const JITTER = 0.1;
/** A receiver may ask for a longer pause, up to this one. */
const LONGEST_RETRY_AFTER_SECONDS = 24 * HOUR;
/** A delivery is given up this long after it was made. */
export const GIVE_UP_AFTER_SECONDS = 72 * HOUR;

/** A receiver that failed so often in a row is left alone for a while. */
const BREAKER_FAILURES = 5;
const FIRST_OPEN_SECONDS = 5;
const LONGEST_OPEN_SECONDS = 5 * MINUTE;

/**
 * Seconds until the next attempt, or undefined where the delivery is given up instead.
 * @param attempts that have failed, 1 or more
 * @param ageSeconds since the delivery was made
 * @param retryAfterSeconds what the receiver asked for: never shortens the pause
 * @param random from 0 to 1
 */
export function pauseSeconds(
  attempts: number,
  ageSeconds: number,
  retryAfterSeconds: number | undefined,
  random = Math.random(),
): number | undefined {
  const planned = PAUSES_SECONDS[attempts - 1] ?? PAUSES_SECONDS.at(-1) ?? 0;
  const jittered = planned * (1 - JITTER + 2 * JITTER * random);
  const pause = Math.max(jittered, Math.min(retryAfterSeconds ?? 0, LONGEST_RETRY_AFTER_SECONDS));
  return ageSeconds + pause > GIVE_UP_AFTER_SECONDS ? undefined : pause;
}

/** Seconds for which nothing is sent to a receiver after so many failures in a row; 0 for not at all. */
export function openSeconds(failuresInARow: number): number {
  if (failuresInARow < BREAKER_FAILURES) return 0;
  return Math.min(FIRST_OPEN_SECONDS * 2 ** (failuresInARow - BREAKER_FAILURES), LONGEST_OPEN_SECONDS);
}

/**
 * Seconds that a `Retry-After` header asks for (RFC 9110, 10.2.3: seconds or a date); undefined where there is
 * none, it cannot be read, or it lies in the past.
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text), LONGEST_RETRY_AFTER_SECONDS);
  // Date.parse reads far more than a header's date, bare numbers among it.
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return undefined;
  const seconds = Math.ceil((Date.parse(text) - now.getTime()) / 1_000);
  return seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) : undefined;
}
