import { Injectable } from '@nestjs/common';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { Events } from '../../platform/events/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { MOST_FAILURES, RunSuperseded } from '../../platform/jobs/index.js';
import { KEPT_DAYS } from './artefact-storage.js';
import { AnalyticsRun, type Delivery, isFinished } from './run.entity.js';
import type { Made, RunWork } from './run-work.js';

const ACTOR: Actor = { type: 'system', id: 'analytics.runs' };

/** What a run is made from. */
export type NewRun = Pick<AnalyticsRun, 'trigger' | 'dueAt' | 'periodFrom' | 'periodTo' | 'settings'> &
  Partial<Pick<AnalyticsRun, 'reportId' | 'exportId'>>;

/** How runs pass from one status to the next. */
@Injectable()
export class RunRecords {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
  ) {}

  /** A run that waits. */
  async insert(tx: Transaction, { storeId }: StoreScope, content: NewRun): Promise<AnalyticsRun> {
    const nothingYet = { tries: 0, error: null, artefacts: [], deliveries: [], artefactsUntil: null };
    const run = tx.create(AnalyticsRun, {
      ...{ id: newUuid(), version: 1, storeId, status: 'queued' as const, createdAt: new Date() },
      ...{ reportId: null, exportId: null, startedAt: null, finishedAt: null, ...nothingYet, ...content },
    });
    await tx.insert(AnalyticsRun, run);
    return run;
  }

  /** Gives it to whoever asks; undefined where it is finished, or gone. */
  begin(runId: string): Promise<AnalyticsRun | undefined> {
    return this.write(runId, async (tx, run) => {
      if (!run || isFinished(run)) return undefined;
      const changes = {
        status: 'running' as const,
        tries: run.tries + 1,
        startedAt: run.startedAt ?? new Date(),
      };
      await tx.update(AnalyticsRun, { id: runId }, changes);
      return { ...run, ...changes };
    });
  }

  /** @param then what follows in the same transaction @throws RunSuperseded */
  async succeed(
    runId: string,
    store: StoreScope,
    work: RunWork,
    made: Made,
    then: (tx: Transaction, run: AnalyticsRun) => Promise<void>,
  ): Promise<void> {
    await this.write(runId, async (tx, run) => {
      if (run?.status !== 'running') throw new RunSuperseded(`The run ${runId}`);
      await made.commit?.(tx);
      const finishedAt = new Date();
      const pending = { status: 'pending', tries: 0, error: null, deliveredAt: null } as const;
      const changes = {
        status: 'succeeded' as const,
        error: null,
        artefacts: [...made.artefacts],
        ...made.period,
        deliveries: made.to.map((target): Delivery => ({ ...target, ...pending })),
        artefactsUntil: new Date(finishedAt.getTime() + KEPT_DAYS * 86_400_000),
        finishedAt,
      };
      await tx.update(AnalyticsRun, { id: runId }, changes);
      const after = { ...run, ...changes };
      await this.tell(tx, store, work, after);
      await then(tx, after);
    });
  }

  /** Records that a try failed, and answers whether the run has failed by it. */
  fail(
    runId: string,
    store: StoreScope,
    work: RunWork,
    { message: error, final }: { readonly message: string; readonly final: boolean },
  ): Promise<boolean> {
    return this.write(runId, async (tx, run) => {
      if (!run || isFinished(run)) return true;
      const last = final || run.tries >= MOST_FAILURES;
      const changes = last
        ? { status: 'failed' as const, error, finishedAt: new Date() }
        : { status: 'queued' as const, error };
      await tx.update(AnalyticsRun, { id: runId }, changes);
      if (last) await this.tell(tx, store, work, { ...run, ...changes });
      return last;
    });
  }

  /** The run and one of its deliveries, where that is still to be made. */
  async pending(
    runId: string,
    index: number,
  ): Promise<{ run: AnalyticsRun; delivery: Delivery } | undefined> {
    const run = await this.database.manager.findOneBy(AnalyticsRun, { id: runId });
    const delivery = run?.deliveries[index];
    return run && delivery?.status === 'pending' ? { run, delivery } : undefined;
  }

  /** Records what came of a try, and answers whether another one is due. */
  delivered(runId: string, index: number, outcome: DeliveryOutcome): Promise<boolean> {
    return this.write(runId, async (tx, run) => {
      const before = run?.deliveries[index];
      if (!run || before?.status !== 'pending') return false;
      const after = settled(before, outcome);
      const deliveries = run.deliveries.map((each, at) => (at === index ? after : each));
      await tx.update(AnalyticsRun, { id: runId }, { deliveries });
      return after.status === 'pending';
    });
  }

  private write<T>(
    runId: string,
    work: (tx: Transaction, run: AnalyticsRun | undefined) => Promise<T>,
  ): Promise<T> {
    return this.database.write({ actor: ACTOR }, async (tx) => {
      const run = await tx.findOne(AnalyticsRun, {
        where: { id: runId },
        lock: { mode: 'pessimistic_write' },
      });
      return work(tx, run ?? undefined);
    });
  }

  private async tell(
    tx: Transaction,
    { organizationId, storeId }: StoreScope,
    work: RunWork,
    run: AnalyticsRun,
  ): Promise<void> {
    const { type, subjectId, data } = work.eventOf(run);
    await this.events.emit(tx, { type, organizationId, storeId, subjectId, data: { ...data } });
  }
}

/** `error` is undefined where it was taken. */
export interface DeliveryOutcome {
  readonly error?: string;
  readonly final?: boolean;
}

function settled(before: Delivery, { error, final = false }: DeliveryOutcome): Delivery {
  const tries = before.tries + 1;
  if (error === undefined) {
    return { ...before, tries, status: 'succeeded', error: null, deliveredAt: new Date().toISOString() };
  }
  return { ...before, tries, status: final || tries >= MOST_FAILURES ? 'failed' : 'pending', error };
}
