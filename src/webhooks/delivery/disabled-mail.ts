import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { administratorsOf, baseOfInstallation } from '../../members/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { Database, type Transaction } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { defineJob, Jobs } from '../../platform/jobs/index.js';
import { Mailer } from '../../platform/mail/index.js';
import { type DisabledReason, WebhookEndpoint } from '../endpoints/endpoint.entity.js';

interface Payload {
  /** UUIDs. */
  readonly endpointId: string;
  readonly memberId: string;
}

const WHY: Readonly<Record<DisabledReason, string>> = {
  failing: 'nothing has arrived there for five days',
  gone: 'it answered that it is gone (410)',
  by_hand: 'somebody disabled it',
};

/** Writes to an organization's administrators that an endpoint was disabled, where a mail server is configured. */
@Injectable()
export class DisabledMail implements OnModuleInit {
  private readonly task = defineJob<Payload>({
    name: 'webhooks.mail-disabled',
    run: (payload) => this.mail(payload),
  });

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.task);
  }

  /** One job each, so that nobody gets it twice because somebody else's address is refused. */
  async enqueue(tx: Transaction, endpointId: string, organizationId: string): Promise<void> {
    if (!this.mailer.enabled) return;
    for (const { id: memberId } of await administratorsOf(tx, organizationId)) {
      await this.jobs.enqueue(tx, this.task, { endpointId, memberId }, { key: `${endpointId}/${memberId}` });
    }
  }

  private async mail({ endpointId, memberId }: Payload): Promise<void> {
    const { manager } = this.database;
    const endpoint = await manager.findOneBy(WebhookEndpoint, { id: endpointId });
    // Enabled again, deleted, or no administrator any more: no news.
    if (!endpoint?.disabledReason) return;
    const member = (await administratorsOf(manager, endpoint.organizationId)).find(
      ({ id }) => id === memberId,
    );
    if (!member) return;
    await this.mailer.send({
      to: member.email,
      subject: 'A webhook endpoint was disabled',
      text: [
        `Hello ${member.name},`,
        '',
        `events are no longer sent to ${endpoint.url}:`,
        `${WHY[endpoint.disabledReason]}.`,
        '',
        'Events that waited for it were cancelled. Once the receiver works again, enable the endpoint',
        `${toPublicId('webhook', endpoint.id)} and replay what it missed, at ${baseOfInstallation(this.config)}.`,
        '',
      ].join('\n'),
    });
  }
}
