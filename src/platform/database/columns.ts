import type { ValueTransformer } from 'typeorm';

/** A bigint that fits a JavaScript number (below 2^53): versions, cents. */
export const numeric: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
