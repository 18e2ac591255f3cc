import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { type Actor, Database } from '../database/index.js';
import { LOGGER, type Logger } from '../logging/index.js';
import { Metrics } from '../metrics/index.js';
import { Rounds } from '../runtime/rounds.js';
import { EventSubscribers, SubscriberFailed } from './event-subscribers.js';
import { numberEvents } from './number-events.js';

const ACTOR: Actor = { type: 'system', id: 'event-sequencer' };

/** Between a round that found nothing and the next. */
const PAUSE_MS = 200;
/** Events of one round. */
const BATCH = 1_000;
/** How long a statement of a round, or a subscriber between two of them, may take: PostgreSQL then ends the round. */
const PATIENCE_MS = 15_000;

const WAITING = `SELECT EXISTS (SELECT FROM events WHERE sequence IS NULL) AS waiting`;

// A statement of its own: the next one sees all that the round before has committed.
const LOCK = `
SELECT set_config('statement_timeout', '${PATIENCE_MS}', true),
  set_config('idle_in_transaction_session_timeout', '${PATIENCE_MS}', true),
  pg_try_advisory_xact_lock(hashtext('event_sequencer'), 0) AS mine`;

/** What a round did. */
export interface SequencerRound {
  /** How many events have their number now. */
  readonly numbered: number;
  /** Whether more may be waiting. */
  readonly more: boolean;
}

/**
 * Gives committed events their numbers: in every process that serves, one at a time by an advisory lock that ends
 * with its transaction, so that whoever is killed, cut off or stuck leaves the next round to another process. An
 * event has its number when it is committed with it: readers see no gap, and nothing appears before what they have
 * seen.
 */
@Injectable()
export class EventSequencer implements BeforeApplicationShutdown {
  private readonly numbered;
  private readonly failures;
  private readonly rounds = new Rounds<SequencerRound>({
    work: () => this.work(),
    again: ({ numbered }) => numbered > 0,
    pauseMs: PAUSE_MS,
    failed: (error) => this.report(error),
  });
  /** Since when no round has found everything numbered, by performance.now(). */
  private behindSince: number | undefined;

  constructor(
    private readonly database: Database,
    private readonly subscribers: EventSubscribers,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.numbered = metrics.counter('gatehouse_events_numbered_total', 'Events that this process numbered');
    this.failures = metrics.counter(
      'gatehouse_event_rounds_failed_total',
      'Rounds that could number no events, by the subscriber that did not take them, or "none"',
      ['subscriber'],
    );
    metrics.reading(
      'gatehouse_events_behind_seconds',
      'For how long this process has not seen all committed events numbered',
      () => (this.behindSince === undefined ? 0 : (performance.now() - this.behindSince) / 1_000),
    );
  }

  /** Goes round and round from now on. For processes that serve; commands do not. */
  start(): void {
    this.rounds.start();
  }

  /**
   * One round. Calls at the same time share one. A round that fails is counted and told of.
   * @throws whatever the database or a subscriber throws
   */
  round(): Promise<SequencerRound> {
    return this.rounds.once();
  }

  /** Finishes the round under way. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds.stop();
  }

  private async work(): Promise<SequencerRound> {
    this.behindSince ??= performance.now();
    // Most rounds find nothing: one statement, and no transaction.
    const [found] = await this.database.query<{ waiting: boolean }>(WAITING);
    if (!found?.waiting) {
      this.behindSince = undefined;
      return { numbered: 0, more: false };
    }
    const numbered = await this.database.write({ actor: ACTOR }, async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }[]>(LOCK);
      // Another process is at it.
      if (!lock?.mine) return 0;
      const events = await numberEvents(tx, BATCH);
      if (events.length > 0) await this.subscribers.tell(tx, events);
      return events.length;
    });
    this.numbered.inc(numbered);
    return { numbered, more: true };
  }

  private report(error: unknown): void {
    const subscriber = error instanceof SubscriberFailed ? error.subscriber : 'none';
    this.failures.inc({ subscriber });
    this.logger.error({ err: error, subscriber }, 'events could not be numbered, and wait');
  }
}
