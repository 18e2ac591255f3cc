import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { type Config, CONFIG } from '../../../platform/config/index.js';
import { Database } from '../../../platform/database/index.js';
import { LOGGER } from '../../../platform/logging/index.js';
import { Metrics } from '../../../platform/metrics/index.js';
import { CHECKPOINT_COLUMNS, publishedCheckpoint, type StoredCheckpoint } from '../stored-checkpoint.js';
import type { Place } from './place.js';
import { placesOf } from './places.js';

/** For one checkpoint and one place. */
const TIMEOUT_MS = 5_000;
/** After a long outage the rest comes with the next rounds. */
const MOST_AT_ONCE = 100;

/**
 * Brings checkpoints out of the database, where whoever rules it could take them back: each to every configured
 * place, in their order, until it is there. A place that fails holds up neither sealing nor the other places.
 */
@Injectable()
export class CheckpointPublisher {
  private readonly places: readonly Place[];
  private readonly stopping = new AbortController();
  private readonly published;
  private readonly failures;
  /** What is under way, by place: a slow one holds up no other. */
  private readonly underway = new Map<Place, Promise<void>>();

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.places = placesOf(config);
    this.published = metrics.counter('gatehouse_audit_published_total', 'Checkpoints published', ['kind']);
    this.failures = metrics.counter(
      'gatehouse_audit_publish_failures_total',
      'Failed attempts to publish a checkpoint',
      ['kind'],
    );
  }

  /** Publishes what is not published yet; failures are counted and logged. Calls at the same time share one run a place. */
  async publish(): Promise<void> {
    await Promise.all(this.places.map((place) => this.publishTo(place)));
  }

  /** Breaks off what is under way: the next leader goes on with it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.underway.values());
  }

  private publishTo(place: Place): Promise<void> {
    const running =
      this.underway.get(place) ?? this.catchUp(place).finally(() => this.underway.delete(place));
    this.underway.set(place, running);
    return running;
  }

  private async catchUp(place: Place): Promise<void> {
    try {
      for (const checkpoint of await this.missing(place)) {
        const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]);
        await place.publish(
          { no: Number(checkpoint.no), line: JSON.stringify(publishedCheckpoint(checkpoint)) },
          signal,
        );
        await this.database.query('SELECT audit_note_publication($1, $2, $3)', [
          checkpoint.no,
          place.kind,
          place.name,
        ]);
        this.published.inc({ kind: place.kind });
      }
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      this.failures.inc({ kind: place.kind });
      this.logger.warn({ err: error, place: place.name }, 'a checkpoint could not be published');
    }
  }

  /** A place that is new begins with the newest: it covers all before it. */
  private missing({ name }: Place): Promise<StoredCheckpoint[]> {
    return this.database.query(
      `SELECT ${CHECKPOINT_COLUMNS} FROM audit_checkpoints
       WHERE no > coalesce(
         (SELECT max(checkpoint_no) FROM audit_publications WHERE place = $1),
         (SELECT max(no) - 1 FROM audit_checkpoints))
       ORDER BY no LIMIT $2`,
      [name, MOST_AT_ONCE],
    );
  }
}
