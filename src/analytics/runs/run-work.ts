import type { Transaction } from '../../platform/database/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import type { JobRun } from '../../platform/jobs/index.js';
import type { AnalyticsRun, Artefact, Delivery } from './run.entity.js';

/** What runs are of. */
export type RunKind = 'report' | 'export';

/** What a run has made. */
export interface Made {
  readonly artefacts: readonly Artefact[];
  /** To whom it goes now. */
  readonly to: readonly Pick<Delivery, 'target' | 'to'>[];
  /** Which time it is about, where that was not known when it was ordered. */
  readonly period?: Pick<AnalyticsRun, 'periodFrom' | 'periodTo'>;
  /** What is to be recorded in the transaction in which the run succeeds, and not otherwise. @throws WorkRefused, RunSuperseded */
  readonly commit?: (tx: Transaction) => Promise<void>;
}

/** How the runs of one kind are done. */
export interface RunWork {
  readonly kind: RunKind;
  /** @throws WorkRefused, or anything else, which is tried again */
  make(run: AnalyticsRun, store: StoreScope, job: JobRun): Promise<Made>;
  /** Sends what was made to one target. @throws WorkRefused, or anything else, which is tried again */
  deliver(order: DeliveryOrder): Promise<void>;
  /** What its events tell. */
  eventOf(run: AnalyticsRun): { readonly type: string; readonly subjectId: string; readonly data: object };
}

export interface DeliveryOrder {
  readonly store: StoreScope;
  readonly run: AnalyticsRun;
  readonly delivery: Delivery;
  /** The same for every try of one run at one target: whoever has taken it already need not do so again. */
  readonly idempotencyKey: string;
}

/** Why a run could not be done, or a target did not take it. The message may be shown. */
export class WorkRefused extends Error {
  constructor(
    message: string,
    /** Trying again is of no use. */
    readonly final: boolean,
  ) {
    super(message);
    this.name = 'WorkRefused';
  }
}

/** The kind of a run, by the thing that it is of. */
export function kindOf({ reportId }: AnalyticsRun): RunKind {
  return reportId === null ? 'export' : 'report';
}
