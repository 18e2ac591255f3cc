import { InvalidInput } from '../platform/errors/index.js';

/** @throws InvalidInput for a range that ends before it starts */
export function assertDateOrder({
  startDate,
  endDate,
}: {
  readonly startDate?: Date | null;
  readonly endDate?: Date | null;
}): void {
  if (startDate && endDate && endDate < startDate) {
    throw new InvalidInput([{ field: 'endDate', reason: 'must not be before startDate' }]);
  }
}
