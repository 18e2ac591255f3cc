import { timeOfUuid } from '../../platform/ids/index.js';
import type { Conditions } from './conditions.js';

const DAY_MS = 86_400_000;
/** Most days that are looked through by one statement. */
const MOST_DAYS = 64;
/** How far ahead of ours another clock may be. */
const AHEAD_MS = DAY_MS;

/** Milliseconds since the epoch: from the start, up to the end without it. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** What a search looks through: the filter's time, within what there are partitions for. */
export function searchedSpan(
  { from, to }: { readonly from?: Date; readonly to?: Date },
  oldestDay: number,
  now = Date.now(),
): TimeSpan {
  return {
    start: Math.max(from?.getTime() ?? oldestDay, oldestDay),
    end: Math.min((to?.getTime() ?? Infinity) + 1, now + AHEAD_MS),
  };
}

/** The part of a span that lies beyond a request's id, itself included. */
export function beyond({ start, end }: TimeSpan, requestId: string, order: 'asc' | 'desc'): TimeSpan {
  const at = timeOfUuid(requestId);
  return order === 'desc' ? { start, end: Math.min(end, at + 1) } : { start: Math.max(start, at), end };
}

/**
 * Cuts a span into pieces, in the order of the search: a day at first, then ever more at once. The newest rows are
 * in the last partitions, and most searches end there; a rare row is still found in few statements.
 */
export function* piecesOf({ start, end }: TimeSpan, order: 'asc' | 'desc'): Generator<TimeSpan> {
  let days = 1;
  for (let edge = order === 'desc' ? end : start; order === 'desc' ? edge > start : edge < end;) {
    const piece =
      order === 'desc'
        ? { start: Math.max(start, dayOf(edge - 1) - (days - 1) * DAY_MS), end: edge }
        : { start: edge, end: Math.min(end, dayOf(edge) + days * DAY_MS) };
    yield piece;
    edge = order === 'desc' ? piece.start : piece.end;
    days = Math.min(days * 2, MOST_DAYS);
  }
}

/** By the ids, which are in the order of time and end the indexes; by the time too, which names the partitions. */
export function addSpan(conditions: Conditions, { start, end }: TimeSpan): Conditions {
  return conditions
    .add('request_id >= ? AND request_id < ?', firstIdOf(start), firstIdOf(end))
    .add('at >= ? AND at < ?', new Date(start), new Date(end));
}

/** Not above any id that is made in that millisecond or later, and above all earlier ones. */
export function firstIdOf(at: number): string {
  const hex = Math.max(0, at).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

function dayOf(at: number): number {
  return at - (((at % DAY_MS) + DAY_MS) % DAY_MS);
}
