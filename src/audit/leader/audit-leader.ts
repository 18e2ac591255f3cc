import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { type Config, CONFIG } from '../../platform/config/index.js';
import {
  clientConfig,
  DATABASE_CONNECTION,
  type DatabaseConnection,
  sqlState,
} from '../../platform/database/index.js';
import { LOGGER } from '../../platform/logging/index.js';
import { SigningKeys } from '../evidence/signing-keys.js';
import { RequestLog } from '../request-log.js';
import { appendCheckpoint } from './append-checkpoint.js';
import { LeaderConnection, LeadLost, NOT_NEXT } from './leader-connection.js';
import { LeaderMetrics } from './leader-metrics.js';
import { CheckpointPublisher } from './publishing/publisher.js';
import { sealChanges } from './seal-changes.js';
import { UnknownOutcomes } from './unknown-outcomes.js';

/** A leader that says nothing for so long, in rounds and in seconds at least, loses the lead. */
const SILENT_ROUNDS = 3;
const SILENT_SECONDS = 30;

/** What a round did. */
export interface Round {
  /** Whether this process led. */
  readonly leads: boolean;
  readonly sealedChanges: number;
  /** The number of the checkpoint that was made, if any. */
  readonly checkpoint: number | undefined;
  readonly unknownOutcomes: number;
}

const NOTHING = { sealedChanges: 0, checkpoint: undefined, unknownOutcomes: 0 };

/**
 * Seals the logs: every few seconds, in one process of all that serve. The others ask for the lead at the same pace,
 * and one of them has it a round after the leader is gone. That only one leads spares work; that nothing forks is
 * the database's doing, which takes nothing that does not follow what is there.
 */
@Injectable()
export class AuditLeader implements BeforeApplicationShutdown {
  private readonly connection: LeaderConnection;
  private readonly outcomes: UnknownOutcomes;
  private timer: NodeJS.Timeout | undefined;
  private underway: Promise<Round> | undefined;
  private stopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE_CONNECTION) database: DatabaseConnection,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly signingKeys: SigningKeys,
    private readonly publisher: CheckpointPublisher,
    private readonly metrics: LeaderMetrics,
    log: RequestLog,
  ) {
    const silentSeconds = Math.max(SILENT_SECONDS, SILENT_ROUNDS * config.checkpoints.seconds);
    this.connection = new LeaderConnection(clientConfig(database.url, 'audit-leader'), silentSeconds);
    this.outcomes = new UnknownOutcomes(log);
  }

  /** Goes round and round from now on, where the settings say so. For processes that serve; commands do not. */
  start(): void {
    if (this.config.checkpoints.seconds > 0) this.schedule(0);
  }

  /** One round. Calls at the same time share one. @throws whatever the database throws */
  round(): Promise<Round> {
    this.underway ??= this.work().finally(() => {
      this.underway = undefined;
    });
    return this.underway;
  }

  /** Brings what is not published yet to its places; for tests and commands, which do not go round. */
  publish(): Promise<void> {
    return this.publisher.publish();
  }

  /** Finishes the round under way, and gives the lead back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.underway?.catch(() => undefined);
    await this.publisher.stop();
    await this.connection.close();
  }

  private schedule(milliseconds: number): void {
    this.timer = setTimeout(() => void this.goRound(), milliseconds);
    this.timer.unref();
  }

  private async goRound(): Promise<void> {
    try {
      const { leads } = await this.round();
      // Not waited for: a place that does not answer must not hold up the next round.
      if (leads) void this.publisher.publish();
    } catch (error) {
      if (!this.stopped) this.report(error);
    }
    if (!this.stopped) this.schedule(this.config.checkpoints.seconds * 1000);
  }

  private async work(): Promise<Round> {
    await this.signingKeys.refresh();
    const leads = await this.connection.lead();
    const done = leads ? await this.seal() : NOTHING;
    await this.metrics.look(leads);
    return { leads, ...done };
  }

  private async seal(): Promise<Omit<Round, 'leads'>> {
    const signer = await this.signingKeys.current();
    let sealedChanges = 0;
    let failure: unknown;
    try {
      sealedChanges = await sealChanges(this.connection, signer);
    } catch (error) {
      // Changes that cannot be sealed keep no request from its checkpoint.
      failure = error;
    }
    const checkpoint = await appendCheckpoint(this.connection, signer);
    if (failure !== undefined) throw failure as Error;
    return { sealedChanges, checkpoint, unknownOutcomes: await this.outcomes.write(this.connection) };
  }

  private report(error: unknown): void {
    // Another one leads, and was first: nothing is wrong.
    if (error instanceof LeadLost || sqlState(error) === NOT_NEXT) {
      this.logger.info({ err: error }, 'another process seals the log');
      return;
    }
    this.metrics.failed();
    this.logger.error({ err: error }, 'the log could not be sealed');
  }
}
