import type { RowFault, RunningJob } from '../../jobs/index.js';
import type { Transaction } from '../../platform/database/index.js';
import type { FieldError } from '../../platform/errors/index.js';
import { type FeedRow, readFeed } from './feed.js';
import type { FeedInput } from './feed-input.js';
import type { FeedSource } from './feed-source.js';

/** How far an import is, with what its rows came to. */
export type ImportState<Counts> = Counts & {
  readonly rows: number;
  /** Rows with a fault. */
  readonly refused: number;
};

/** A row with its place in the feed, counted from 1. */
export interface NumberedRow {
  readonly number: number;
  readonly row: FeedRow;
}

/** What a step came to. */
export interface Taken<Counts> {
  /** To be added to what there is. */
  readonly counts: Counts;
  readonly faults: readonly RowFault[];
}

export interface FeedTaking<Counts> {
  readonly rowsPerStep: number;
  /** All of them at nothing. */
  readonly start: Counts;
  /** Takes some rows, all with as many cells as there are columns; of the whole feed it may know what it needs. */
  readonly take: (
    tx: Transaction,
    rows: readonly NumberedRow[],
    feed: readonly FeedRow[],
  ) => Promise<Taken<Counts>>;
}

/** A row's faults as the job records them. */
export const faultsAt = (number: number, faults: readonly FieldError[]): RowFault[] =>
  faults.map((fault) => ({ row: number, ...fault }));

/**
 * Takes a feed step by step, each recorded with what it changes. A row that is passed over holds up none of the others.
 * @throws what FeedSource.read throws; JobFailed for a feed that cannot be read; what RunningJob.step throws
 */
export async function takeFeed<Input extends FeedInput, Counts extends Record<string, number>>(
  source: FeedSource,
  job: RunningJob<Input, ImportState<Counts>>,
  { rowsPerStep, start, take }: FeedTaking<Counts>,
): Promise<{ readonly state: ImportState<Counts>; readonly rows: readonly FeedRow[] }> {
  const { rows, ragged } = readFeed(job.input.format, await source.read(job));
  let state: ImportState<Counts> = job.state ?? { ...start, rows: 0, refused: 0 };
  while (state.rows < rows.length) {
    const from = state.rows;
    const batch = rows
      .slice(from, from + rowsPerStep)
      .map((row, index): NumberedRow => ({ number: from + index + 1, row }));
    await job.step(async (tx) => {
      const whole = batch.filter(({ number }) => !ragged.has(number));
      const { counts, faults: found } = await take(tx, whole, rows);
      const uneven = batch.filter(({ number }) => ragged.has(number));
      const faults = [...found, ...uneven.flatMap(({ number }) => faultsAt(number, UNEVEN))];
      faults.sort((a, b) => a.row - b.row);
      state = {
        ...added(state, counts),
        rows: from + batch.length,
        refused: state.refused + new Set(faults.map(({ row }) => row)).size,
      };
      return { done: state.rows, total: rows.length, state, faults };
    });
  }
  return { state, rows };
}

const UNEVEN: readonly FieldError[] = [
  { field: '', reason: 'has another number of cells than there are columns' },
];

function added<Counts extends Record<string, number>>(
  state: ImportState<Counts>,
  counts: Counts,
): ImportState<Counts> {
  const sums = Object.entries(counts).map(([name, count]) => [name, (state[name] ?? 0) + count]);
  return { ...state, ...(Object.fromEntries(sums) as Counts) };
}
