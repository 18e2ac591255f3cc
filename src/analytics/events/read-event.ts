import { type FieldError, InvalidInput } from '../../platform/errors/index.js';
import type { EventBody } from './dto/event-body.js';

/** Clocks of senders may be ahead a little. */
const MOST_AHEAD_MS = 10 * 60_000;
const OLDEST_DAYS = 731;

/** What the fields of an event must be to each other. @throws InvalidInput */
export function assertEvent({ kind, name, time, valueMinor, currency }: EventBody): void {
  const faults: FieldError[] = [];
  const money = typeof valueMinor === 'number';
  if (kind === 'custom' && name == null)
    faults.push({ field: 'name', reason: 'is required for the kind custom' });
  if (kind === 'spend' && !money)
    faults.push({ field: 'valueMinor', reason: 'is required for the kind spend' });
  if (money && currency == null) faults.push({ field: 'currency', reason: 'is required with valueMinor' });
  if (!money && currency != null) faults.push({ field: 'valueMinor', reason: 'is required with currency' });
  if (time) {
    if (time.getTime() > Date.now() + MOST_AHEAD_MS)
      faults.push({ field: 'time', reason: 'must not be in the future' });
    else if (time.getTime() < Date.now() - OLDEST_DAYS * 86_400_000) {
      faults.push({ field: 'time', reason: `must be within the last ${OLDEST_DAYS} days` });
    }
  }
  const [first, ...others] = faults;
  if (first) throw new InvalidInput([first, ...others]);
}
