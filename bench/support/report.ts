/** One measured subject in one round. */
export interface Measurement {
  readonly subject: string;
  readonly round: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A value that may have a goal. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** None: printed to compare. */
  readonly goal?: number;
  /** Default `at least`. */
  readonly bound?: 'at least' | 'at most';
}

export interface Report {
  readonly benchmark: string;
  readonly measurements: readonly Measurement[];
  /** Of medians: they say much the same on another machine. */
  readonly ratios: readonly Figure[];
  /** Of this machine alone. */
  readonly absolutes?: readonly Figure[];
}

/** The middle value; of an even number, the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

/** What one subject's rounds have in the middle. */
export function mediansOf(
  measurements: readonly Measurement[],
  subject: string,
): Pick<Measurement, 'requestsPerSecond' | 'p50Ms' | 'p99Ms'> {
  const own = measurements.filter((measurement) => measurement.subject === subject);
  return {
    requestsPerSecond: median(own.map(({ requestsPerSecond }) => requestsPerSecond)),
    p50Ms: median(own.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(own.map(({ p99Ms }) => p99Ms)),
  };
}

/** Prints medians per subject, then what has a goal beside it. */
export function printReport({ benchmark, measurements, ratios, absolutes = [] }: Report): void {
  const subjects = [...new Set(measurements.map(({ subject }) => subject))];
  console.log(`\n${benchmark}: medians of ${Math.max(...measurements.map(({ round }) => round))} rounds\n`);
  console.table(
    Object.fromEntries(
      subjects.map((subject) => {
        const { requestsPerSecond, p50Ms, p99Ms } = mediansOf(measurements, subject);
        return [
          subject,
          { 'requests/s': Math.round(requestsPerSecond), 'p50 ms': rounded(p50Ms), 'p99 ms': rounded(p99Ms) },
        ];
      }),
    ),
  );
  if (ratios.length > 0) printFigures('ratio', ratios);
  if (absolutes.length > 0) printFigures('value', absolutes);
}

function printFigures(column: string, figures: readonly Figure[]): void {
  console.table(
    Object.fromEntries(
      figures.map(({ name, value, goal, bound = 'at least' }) => [
        name,
        { [column]: rounded(value), goal: goal === undefined ? '' : `${bound} ${goal}` },
      ]),
    ),
  );
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
