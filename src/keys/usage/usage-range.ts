import { BUCKET_MS, type Granularity, type UsageRange } from '../../audit/index.js';
import { InvalidInput } from '../../platform/errors/index.js';

const DAY_MS = BUCKET_MS.day;
/** The longest range, in days. */
const LONGEST_DAYS = 90;
/** What is told of where no beginning is given, in days. */
const DEFAULT_DAYS: Readonly<Record<Granularity, number>> = { day: LONGEST_DAYS, hour: 7 };

/**
 * The whole hours or days that a query asks for.
 * @param now milliseconds since the epoch, by the database clock
 * @param keptDays how long figures are kept
 * @throws InvalidInput
 */
export function usageRange(
  query: { readonly from?: Date; readonly to?: Date; readonly granularity: Granularity },
  now: number,
  keptDays: number,
): UsageRange {
  const { granularity } = query;
  const bucket = BUCKET_MS[granularity];
  const oldest = startOf(now, DAY_MS) - keptDays * DAY_MS;
  const to = query.to?.getTime() ?? now;
  if (to <= oldest)
    throw refused('to', `must be within the last ${keptDays} days: figures are not kept longer`);
  const end = Math.ceil(to / bucket) * bucket;
  const from = query.from?.getTime() ?? Math.max(end - DEFAULT_DAYS[granularity] * DAY_MS, oldest);
  if (from < oldest)
    throw refused('from', `must be within the last ${keptDays} days: figures are not kept longer`);
  if (from > now) throw refused('from', 'must not be in the future');
  if (from >= to) throw refused('from', 'must be before `to`');
  if (to - from > LONGEST_DAYS * DAY_MS) {
    throw refused(
      'from',
      `must be at most ${LONGEST_DAYS} days before \`to\`, which is now where it is not given`,
    );
  }
  return { from: new Date(startOf(from, bucket)), to: new Date(end), granularity };
}

function startOf(at: number, length: number): number {
  return Math.floor(at / length) * length;
}

function refused(field: 'from' | 'to', reason: string): InvalidInput {
  return new InvalidInput([{ field, reason }]);
}
