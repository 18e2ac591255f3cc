import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { type Actor, Database } from '../../platform/database/index.js';
import { LOGGER, type Logger } from '../../platform/logging/index.js';
import { Rounds } from '../../platform/runtime/rounds.js';
import { rollUp } from './roll.js';

const ACTOR: Actor = { type: 'system', id: 'analytics-rollups' };
const PAUSE_MS = 1_000;
/** Events of one round: what is added in well under a second. */
const MOST_EVENTS = 20_000;

const TURN = `SELECT EXISTS (SELECT FROM analytics_unrolled) AS waiting`;

/**
 * Adds events to the sums, in every process that serves, one at a time. How far that is shows in no figure, only in how
 * fast it comes: what waits is added by whoever reads.
 */
@Injectable()
export class RollupKeeper implements BeforeApplicationShutdown {
  private readonly rounds = new Rounds<number>({
    work: () => this.work(),
    again: (rolled) => rolled === MOST_EVENTS,
    pauseMs: PAUSE_MS,
    failed: (error) => this.logger.error({ err: error }, 'events could not be added to the sums, and wait'),
  });

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Goes round and round from now on. For processes that serve; commands do not. */
  start(): void {
    this.rounds.start();
  }

  /** Adds some of what waits. @returns how many events; whatever the database throws */
  once(): Promise<number> {
    return this.rounds.once();
  }

  /** Finishes the round under way. */
  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  private async work(): Promise<number> {
    const [found] = await this.database.query<{ waiting: boolean }>(TURN);
    if (!found?.waiting) return 0;
    return this.database.write({ actor: ACTOR }, (tx) => rollUp(tx, MOST_EVENTS));
  }
}
