import type { Transaction } from '../../platform/database/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import type { JobRun } from '../../platform/jobs/index.js';
import type { AnalyticsRun, Artefact, Delivery } from './run.entity.js';

/** What runs are of. */
export type RunKind = 'report';

/** What a run has made. */
export interface Made {
  readonly artefacts: readonly Artefact[];
  /** To whom it goes now. */
  readonly to: readonly Pick<Delivery, 'target' | 'to'>[];
  /** What is to be recorded in the transaction in which the run succeeds, and not otherwise. @throws RunSuperseded */
  readonly commit?: (tx: Transaction) => Promise<void>;
}

/** How the runs of one kind are done. */
export interface RunWork {
  readonly kind: RunKind;
  /** @throws RunImpossible where trying again is of no use; anything else is tried again */
  make(run: AnalyticsRun, store: StoreScope, job: JobRun): Promise<Made>;
  /** Sends what was made to one target. @throws DeliveryRefused, or anything else, which is tried again */
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

/** A run that cannot be done, however often it is tried. The message is for whoever ordered it. */
export class RunImpossible extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RunImpossible';
  }
}

/** A target will not take it, however often it is tried; or why it did not this time. The message may be shown. */
export class DeliveryRefused extends Error {
  constructor(
    message: string,
    readonly final: boolean,
  ) {
    super(message);
    this.name = 'DeliveryRefused';
  }
}

/** The kind of a run, by the thing that it is of. */
export function kindOf(_run: AnalyticsRun): RunKind {
  return 'report';
}
