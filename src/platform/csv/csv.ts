/** What a spreadsheet takes for a formula, or for the way into one, where a cell begins with it. */
const FORMULA = /^[=+\-@\t\r]/;
const TO_BE_QUOTED = /[",\r\n]/;

export type CsvValue = string | number | boolean | object | null;

/** One record (RFC 4180), with its line's end. Nothing is an empty cell; objects are JSON. */
export function csvRecord(values: readonly CsvValue[]): string {
  return `${values.map(cellOf).join(',')}\r\n`;
}

/** Text that a spreadsheet would calculate gets an apostrophe before it, and is text again. */
function cellOf(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return TO_BE_QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
