/** One measured subject in one round. */
export interface Measurement {
  readonly subject: string;
  readonly round: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A ratio that a goal is set for. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly goal: number;
}

export interface Report {
  readonly benchmark: string;
  readonly measurements: readonly Measurement[];
  readonly ratios: readonly Ratio[];
}

/** The middle value; of an even number, the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

/** Prints medians per subject, then the ratios beside their goals. */
export function printReport({ benchmark, measurements, ratios }: Report): void {
  const subjects = [...new Set(measurements.map(({ subject }) => subject))];
  console.log(`\n${benchmark}: medians of ${Math.max(...measurements.map(({ round }) => round))} rounds\n`);
  console.table(
    Object.fromEntries(
      subjects.map((subject) => {
        const own = measurements.filter((measurement) => measurement.subject === subject);
        return [
          subject,
          {
            'requests/s': Math.round(median(own.map(({ requestsPerSecond }) => requestsPerSecond))),
            'p50 ms': median(own.map(({ p50Ms }) => p50Ms)),
            'p99 ms': median(own.map(({ p99Ms }) => p99Ms)),
          },
        ];
      }),
    ),
  );
  console.table(
    Object.fromEntries(
      ratios.map(({ name, value, goal }) => [name, { ratio: Number(value.toFixed(3)), goal }]),
    ),
  );
}
