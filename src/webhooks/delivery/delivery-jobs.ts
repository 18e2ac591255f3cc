import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, Database, type Transaction } from '../../platform/database/index.js';
import { Events, EventSubscribers } from '../../platform/events/index.js';
import { defineJob, defineSweep, Jobs, type JobRun, type JobTask } from '../../platform/jobs/index.js';
import type { Logger } from '../../platform/logging/index.js';
import { Metrics } from '../../platform/metrics/index.js';
import { DeliveryWake } from '../delivery-wake.js';
import { type Claim, claimDue, type ClaimedDelivery, type ClaimedEndpoint, nextDue } from './claim.js';
import { DisabledMail } from './disabled-mail.js';
import { cancelStranded, disableEndpoint } from './disable-endpoint.js';
import { fanOut } from './fan-out.js';
import { deleteOld, dueEndpoints } from './housekeeping.js';
import { isTaken, recordAttempt } from './record-attempt.js';
import { WebhookSender } from './sender.js';

const ACTOR: Actor = { type: 'system', id: 'webhooks' };
/** After that a job makes room for others, and comes again. */
const LONGEST_RUN_MS = 30_000;

interface DeliverPayload {
  /** UUID. */
  readonly endpointId: string;
}

/**
 * Sends what is due, endpoint by endpoint: one job of an endpoint works off what waits for it, so that a slow
 * receiver keeps nobody waiting but itself. Everything it knows is in the database: a process that is killed leaves
 * leases behind, and whoever comes after them sends again.
 */
@Injectable()
export class DeliveryJobs extends DeliveryWake implements OnModuleInit {
  private readonly deliver: JobTask<DeliverPayload> = defineJob({
    name: 'webhooks.deliver',
    lane: 'waiting',
    run: ({ endpointId }, run) => this.run(endpointId, run),
  });
  private readonly attempts;

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly subscribers: EventSubscribers,
    private readonly events: Events,
    private readonly sender: WebhookSender,
    private readonly disabledMail: DisabledMail,
    metrics: Metrics,
  ) {
    super();
    this.attempts = metrics.counter(
      'gatehouse_webhook_attempts_total',
      'Attempts to deliver an event, by what came of them',
      ['outcome'],
    );
  }

  onModuleInit(): void {
    this.jobs.register(this.deliver);
    this.jobs.register(
      defineJob({
        name: 'webhooks.wake-due',
        cron: '* * * * *',
        run: async () => {
          await this.database.write({ actor: ACTOR }, async (tx) => {
            await cancelStranded(tx);
            await this.wake(tx, await dueEndpoints(tx));
          });
        },
      }),
    );
    this.jobs.register(
      defineSweep({
        name: 'webhooks.sweep',
        cron: '41 * * * *',
        deleteBatch: () => this.database.write({ actor: ACTOR }, deleteOld),
      }),
    );
    this.subscribers.register('webhooks', async (tx, events) => this.wake(tx, await fanOut(tx, events)));
  }

  async wake(tx: Transaction, endpointIds: readonly string[]): Promise<void> {
    for (const endpointId of endpointIds) {
      await this.jobs.enqueue(tx, this.deliver, { endpointId }, { key: endpointId });
    }
  }

  private async run(endpointId: string, { signal, logger }: JobRun): Promise<void> {
    const end = performance.now() + LONGEST_RUN_MS;
    const underWay = new Set<Promise<void>>();
    while (!signal.aborted && performance.now() < end) {
      for (const { endpoint, delivery } of await this.claim(endpointId)) {
        const attempt = this.attempt(endpoint, delivery, logger).finally(() => underWay.delete(attempt));
        underWay.add(attempt);
      }
      if (underWay.size === 0) break;
      // As soon as there is room again.
      await Promise.race(underWay);
    }
    await Promise.all(underWay);
    await this.database.write({ actor: ACTOR }, async (tx) => {
      const runAt = await nextDue(tx, endpointId);
      if (runAt)
        await this.jobs.enqueue(tx, this.deliver, { endpointId }, { key: `next/${endpointId}`, runAt });
    });
  }

  private claim(endpointId: string): Promise<Claim[]> {
    return this.database.write({ actor: ACTOR }, (tx) => claimDue(tx, endpointId));
  }

  /** Never throws: what could not be recorded is sent again when its lease has ended. */
  private async attempt(endpoint: ClaimedEndpoint, delivery: ClaimedDelivery, logger: Logger): Promise<void> {
    try {
      const attempt = await this.sender.send(endpoint, delivery);
      this.attempts.inc({ outcome: isTaken(attempt.status) ? 'delivered' : 'failed' });
      const verdict = await this.database.write({ actor: ACTOR }, (tx) =>
        recordAttempt(tx, endpoint.id, delivery, attempt),
      );
      if (verdict === 'fine') return;
      await this.database.write({ actor: ACTOR, reason: verdict }, (tx) =>
        disableEndpoint(tx, { events: this.events, mail: this.disabledMail }, endpoint.id, verdict),
      );
    } catch (error) {
      this.attempts.inc({ outcome: 'unrecorded' });
      logger.error(
        { err: error, deliveryId: delivery.id },
        'a webhook delivery could not be made or recorded',
      );
    }
  }
}
