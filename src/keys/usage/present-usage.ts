import type { UsageRange, Use, UseFrom } from '../../audit/index.js';
import type { QuotaWindow } from '../../platform/http/index.js';
import {
  projectedExhaustion,
  type QuotaFigures,
  quotaWindows,
  type SubjectQuota,
} from '../../plans/index.js';
import type { UsageBaseResponse, UsageSubjectResponse, UsageWindowResponse } from './usage.response.js';

const timeText = (at: number): string => new Date(at).toISOString();

/** What both answers have. @param key the limits of a key that are told of beside its subject's */
export function presentUsage(
  quota: SubjectQuota,
  subject: UsageSubjectResponse,
  key: QuotaFigures | undefined,
  { from, to, granularity }: UsageRange,
  series: readonly UseFrom[],
): UsageBaseResponse {
  const { at, planId, planName, pollSeconds } = quota;
  return {
    at: timeText(at),
    plan: { id: planId, name: planName },
    subject,
    pollSeconds,
    windows: presentWindows(quotaWindows(at, quota, key), at),
    from: from.toISOString(),
    to: to.toISOString(),
    granularity,
    totals: sumOf(series),
    series: series.map((use) => ({ ...use, from: use.from.toISOString() })),
  };
}

const NO_LIMITS: QuotaFigures = { hourLimit: null, hourUsed: 0, dayLimit: null, dayUsed: 0 };

/** The windows of a key's own limits; none where it has none, or is deleted. */
export function presentKeyWindows(key: QuotaFigures | undefined, at: number): UsageWindowResponse[] {
  return presentWindows(quotaWindows(at, NO_LIMITS, key), at);
}

function presentWindows(windows: readonly QuotaWindow[], at: number): UsageWindowResponse[] {
  return windows.map((window) => {
    const { name, limit, used, resetsAt } = window;
    const exhausted = projectedExhaustion(window, at);
    return {
      window: name,
      limit,
      used,
      remaining: limit - used,
      resetsAt: timeText(resetsAt),
      projectedExhaustionAt: exhausted === null ? null : timeText(exhausted),
    };
  });
}

function sumOf(series: readonly UseFrom[]): Use {
  let requests = 0;
  let charged = 0;
  for (const use of series) {
    requests += use.requests;
    charged += use.charged;
  }
  return { requests, charged };
}
