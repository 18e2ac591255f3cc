import { until } from '../faults/until.js';
import type { Body, StoreCalls } from '../content/store-calls.js';

const PATIENCE_MS = 20_000;

/** A run, with the fields that tests look into. */
export interface Run extends Body {
  readonly tries: number;
  readonly period: { readonly from: string; readonly to: string } | null;
  readonly artefacts: readonly { readonly format: string; readonly bytes: number; readonly sha256: string }[];
  readonly deliveries: readonly {
    readonly target: string;
    readonly status: string;
    readonly tries: number;
  }[];
}

/** Waits until a run is over, and its deliveries too. @param path of the run */
export async function finished(api: StoreCalls, path: string): Promise<Run> {
  let run: Run | undefined;
  await until(
    'the run is over',
    async () => {
      run = (await api.get(path)) as Run;
      const over = run.status === 'succeeded' || run.status === 'failed';
      return over && run.deliveries.every(({ status }) => status !== 'pending');
    },
    PATIENCE_MS,
  );
  if (!run) throw new Error('There is no run.');
  return run;
}
