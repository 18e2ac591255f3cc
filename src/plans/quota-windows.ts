import type { QuotaState, QuotaWindow, QuotaWindowName } from '../platform/http/index.js';
import { NO_LIMIT } from '../tenants/index.js';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/** What is used of each window, and of how much; a limit that is null is none. */
export interface QuotaFigures {
  readonly hourLimit: number | null;
  readonly hourUsed: number;
  readonly dayLimit: number | null;
  readonly dayUsed: number;
}

/**
 * The windows that bind at a moment (milliseconds since the epoch): hours on the hour, days from midnight UTC.
 * @param subject the organization's or the sandbox's figures @param key those of a key, which may have limits of its own
 */
export function quotaWindows(at: number, subject: QuotaFigures, key?: QuotaFigures): QuotaWindow[] {
  const windows: QuotaWindow[] = [];
  const add = (name: QuotaWindowName, seconds: number, limit: number | null, used: number) => {
    if (isLimit(limit)) windows.push(windowOf(name, seconds, limit, used, at));
  };
  add('hour', HOUR_SECONDS, subject.hourLimit, subject.hourUsed);
  add('day', DAY_SECONDS, subject.dayLimit, subject.dayUsed);
  if (key) {
    add('key-hour', HOUR_SECONDS, key.hourLimit, key.hourUsed);
    add('key-day', DAY_SECONDS, key.dayLimit, key.dayUsed);
  }
  return windows;
}

/** The window with the least left; of equals the one that is renewed last. Undefined where nothing binds. */
export function tightestWindow(state: QuotaState): QuotaWindow | undefined {
  let tightest: QuotaWindow | undefined;
  for (const window of state.windows) {
    if (!tightest || isTighter(window, tightest)) tightest = window;
  }
  return tightest;
}

function isTighter(one: QuotaWindow, other: QuotaWindow): boolean {
  const more = one.limit - one.used - (other.limit - other.used);
  return more < 0 || (more === 0 && one.resetsAt > other.resetsAt);
}

/** The moment at which every exhausted window has been renewed, milliseconds since the epoch. */
export function quotaReturnsAt(state: QuotaState): number {
  return Math.max(state.at, ...state.windows.filter((w) => w.used >= w.limit).map((w) => w.resetsAt));
}

function isLimit(limit: number | null): limit is number {
  return limit !== null && limit !== NO_LIMIT;
}

function windowOf(
  name: QuotaWindowName,
  seconds: number,
  limit: number,
  used: number,
  at: number,
): QuotaWindow {
  const length = seconds * 1000;
  return {
    name,
    limit,
    used: Math.min(used, limit),
    seconds,
    resetsAt: (Math.floor(at / length) + 1) * length,
  };
}
