import type { QuotaState, QuotaWindow } from '../platform/http/index.js';
import { NO_LIMIT } from '../tenants/index.js';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/** A row of `gate_admit`: verdicts, at, pollSeconds, hourLimit, hourUsed, dayLimit, dayUsed, at in ms, polledAt in ms. */
export type AdmissionRow = [
  verdicts: string,
  at: string,
  pollSeconds: number,
  hourLimit: number | null,
  hourUsed: number,
  dayLimit: number | null,
  dayUsed: number,
  atMs: number,
  polledAtMs: (number | null)[] | null,
];

/** Every window of a subject, with `extra` requests admitted since the row was read. */
export function quotaStateOf(row: AdmissionRow, extra: number): QuotaState {
  const [, , , hourLimit, hourUsed, dayLimit, dayUsed, at] = row;
  return {
    at,
    windows: quotaWindows(at, { hourLimit, hourUsed: hourUsed + extra, dayLimit, dayUsed: dayUsed + extra }),
  };
}

export interface QuotaFigures {
  readonly hourLimit: number | null;
  readonly hourUsed: number;
  readonly dayLimit: number | null;
  readonly dayUsed: number;
}

/** The windows that bind at a moment (milliseconds since the epoch): hours on the hour, days from midnight UTC. */
export function quotaWindows(at: number, figures: QuotaFigures): QuotaWindow[] {
  const windows: QuotaWindow[] = [];
  if (isLimit(figures.hourLimit))
    windows.push(windowOf('hour', HOUR_SECONDS, figures.hourLimit, figures.hourUsed, at));
  if (isLimit(figures.dayLimit))
    windows.push(windowOf('day', DAY_SECONDS, figures.dayLimit, figures.dayUsed, at));
  return windows;
}

/** The window with the least left; of equals the one that stays longer. Undefined where nothing binds. */
export function tightestWindow(state: QuotaState): QuotaWindow | undefined {
  let tightest: QuotaWindow | undefined;
  for (const window of state.windows) {
    if (!tightest || window.limit - window.used <= tightest.limit - tightest.used) tightest = window;
  }
  return tightest;
}

/** The moment at which every exhausted window has been renewed, milliseconds since the epoch. */
export function quotaReturnsAt(state: QuotaState): number {
  return Math.max(state.at, ...state.windows.filter((w) => w.used >= w.limit).map((w) => w.resetsAt));
}

function isLimit(limit: number | null): limit is number {
  return limit !== null && limit !== NO_LIMIT;
}

function windowOf(
  name: 'hour' | 'day',
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
