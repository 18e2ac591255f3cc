import { Column } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { RunFailed, type RunningJob } from '../../jobs/index.js';
import { type Made, NOTHING_USED, sumOf, type Usage } from './provider.js';

/** What every generated thing says of how it came about. */
export abstract class Generated implements Usage {
  /** Who made it. */
  @Column('text') provider!: string;
  @Column('text', { nullable: true }) model!: string | null;
  @Column('integer', { name: 'input_tokens', nullable: true }) inputTokens!: number | null;
  @Column('integer', { name: 'output_tokens', nullable: true }) outputTokens!: number | null;
  @Column('bigint', { name: 'cost_micros', nullable: true, transformer: numeric }) costMicros!: number | null;
  /** The order that it was made for; jobs are gone after a while. */
  @Column('uuid', { name: 'job_id' }) jobId!: string;
}

/** How far a job that generates has come. */
export interface GenerationState {
  /** What its runs have used so far. */
  readonly usage: Usage;
  /** UUID of what was made. */
  readonly id?: string;
}

/**
 * Has a provider do its work. What it used counts also where nothing came of it.
 * @param usable what can be taken of its items
 * @returns at least one item, and what all runs of the job have used
 * @throws RunFailed `PROVIDER_ANSWER_UNUSABLE`; what the provider throws
 */
export async function generated<T, U>(
  job: RunningJob<object, GenerationState>,
  ask: (signal: AbortSignal) => Promise<Made<T>>,
  usable: (items: readonly T[]) => Promise<readonly U[]> | readonly U[],
): Promise<Made<U>> {
  const { items, model, usage: used } = await ask(job.signal);
  const usage = sumOf(job.state?.usage ?? NOTHING_USED, used);
  const taken = await usable(items);
  if (taken.length > 0) return { items: taken, model, usage };
  await job.step(() => Promise.resolve({ done: 0, state: { usage } }));
  throw new RunFailed('PROVIDER_ANSWER_UNUSABLE', 'The provider answered nothing that can be used.');
}
