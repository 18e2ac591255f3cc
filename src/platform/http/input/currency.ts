/** How a currency is written. */
export const CURRENCY = {
  min: 3,
  max: 3,
  pattern: /^[A-Z]{3}$/,
  patternReason: 'must be a currency code of ISO 4217, e.g. EUR',
} as const;
