import { InvalidInput } from '../../platform/errors/index.js';

/** Names the faults of an input that lies in a field of another one: `status` becomes `filters.status`. @throws InvalidInput */
export function withinField<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const { errors } = error.details as { errors: { field: string; reason: string }[] };
    const [first, ...others] = errors.map((fault) => ({ ...fault, field: `${field}.${fault.field}` }));
    throw first ? new InvalidInput([first, ...others]) : error;
  }
}
