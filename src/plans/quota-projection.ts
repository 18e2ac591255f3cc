import type { QuotaWindow } from '../platform/http/index.js';

/**
 * When a window would be exhausted if it went on as it has since it began: a straight line from its start through
 * what is used at this moment. The moment itself where nothing is left; null where nothing was used, and where the
 * window is renewed first.
 * @param at milliseconds since the epoch, in the window
 * @returns the same
 */
export function projectedExhaustion(
  { limit, used, seconds, resetsAt }: QuotaWindow,
  at: number,
): number | null {
  if (used >= limit) return at;
  const start = resetsAt - seconds * 1000;
  // Nothing can be told at the window's first moment.
  if (used === 0 || at <= start) return null;
  const exhausted = Math.ceil(start + ((at - start) * limit) / used);
  return exhausted < resetsAt ? exhausted : null;
}
