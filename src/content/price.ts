/** Digits after the point that a currency has (ISO 4217): 2 of euros, none of yen; 2 of one that nobody knows. */
export function fractionDigits(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/**
 * Reads an amount as feeds write it, `12.90` or `12.90 EUR`, exactly.
 * @param currency where the text names none
 * @returns a reason where it is none
 */
export function readPrice(
  text: string,
  currency: string | undefined,
): { priceMinor: number; currency: string } | string {
  const [, whole, fraction = '', named] = /^(\d{1,12})(?:\.(\d{1,4}))?(?: ?([A-Z]{3}))?$/.exec(text) ?? [];
  if (whole === undefined) return 'must be an amount such as 12.90 or 12.90 EUR';
  const known = named ?? currency;
  if (known === undefined || !/^[A-Z]{3}$/.test(known)) return 'needs a currency, as in 12.90 EUR';
  const digits = fractionDigits(known);
  if (fraction.length > digits && /[1-9]/.test(fraction.slice(digits))) {
    return `has more than the ${digits} decimals of ${known}`;
  }
  return { priceMinor: Number(whole + fraction.slice(0, digits).padEnd(digits, '0')), currency: known };
}

/** An amount as people read it: `€12.90`. */
export function priceText(priceMinor: number, currency: string): string {
  const amount = priceMinor / 10 ** fractionDigits(currency);
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount);
}
