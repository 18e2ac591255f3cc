/** A unit, its length in seconds, and how many of it there must be before it is used: 30 days are no month. */
const UNITS = [
  ['year', 365 * 86_400, 2],
  ['month', 30 * 86_400, 4],
  ['day', 86_400, 1],
  ['hour', 3_600, 1],
  ['minute', 60, 1],
  ['second', 1, 1],
] as const;

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** A moment as people read it, with the exact one behind it: `in 30 days (2026-03-01T09:00:00.000Z)`. */
export function when(moment: string | Date, now = new Date()): string {
  const date = typeof moment === 'string' ? new Date(moment) : moment;
  const seconds = Math.round((date.getTime() - now.getTime()) / 1_000);
  const [unit, length] = UNITS.find(([, length, least]) => Math.abs(seconds) >= length * least) ?? [
    'second',
    1,
  ];
  const words = seconds === 0 ? 'now' : RELATIVE.format(Math.round(seconds / length), unit);
  return `${words} (${date.toISOString()})`;
}

/** Rows in aligned columns under their headings; the last column is not filled up. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and their values, one a line, aligned. */
export function facts(entries: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

/** Code points, near enough to columns. */
function widthOf(text: string): number {
  return [...text].length;
}
