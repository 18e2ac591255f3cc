import { Inject, Injectable } from '@nestjs/common';
import { presentEvent } from '../../events/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { takeTurn, type Transaction } from '../../platform/database/index.js';
import { Conflict, InvalidInput, NotFound } from '../../platform/errors/index.js';
import { EventCatalogue } from '../../platform/events/index.js';
import { assertMatches, etagOf } from '../../platform/http/etag.js';
import { assertTarget } from '../../platform/outbound/index.js';
import { newUuid, toPublicId } from '../../platform/ids/index.js';
import { cancelPending } from '../delivery/disable-endpoint.js';
import { WebhookDelivery } from '../delivery/delivery.entity.js';
import { DeliveryWake } from '../delivery-wake.js';
import { EndpointDisabled } from '../webhook-errors.js';
import { TEST_EVENT } from '../webhook-event-types.js';
import { assertEventTypes } from './endpoint-checks.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { WebhookEndpoint, WebhookEndpointHealth } from './endpoint.entity.js';
import type { CreateWebhookInput, UpdateWebhookInput } from './endpoint.input.js';
import {
  presentWebhook,
  type RotatedWebhookResponse,
  UNVERSIONED_WEBHOOK_FIELDS,
  type WebhookResponse,
  type WebhookWithSecretResponse,
} from './endpoint.response.js';

const MOST_OF_ORGANIZATION = 20;

/** The endpoints of one organization (UUID) at a time; each change in the caller's transaction. */
@Injectable()
export class EndpointsService {
  constructor(
    private readonly secrets: EndpointSecrets,
    private readonly catalogue: EventCatalogue,
    private readonly wake: DeliveryWake,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws NotFound */
  async get(tx: Transaction, organizationId: string, id: string): Promise<WebhookResponse> {
    const endpoint = await tx.findOneBy(WebhookEndpoint, { id, organizationId });
    if (!endpoint) throw new NotFound();
    return this.present(tx, endpoint);
  }

  /** All of them, the oldest first: there are twenty at most. */
  async all(tx: Transaction, organizationId: string): Promise<WebhookResponse[]> {
    const endpoints = await tx.find(WebhookEndpoint, {
      where: { organizationId },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    return Promise.all(endpoints.map((endpoint) => this.present(tx, endpoint)));
  }

  /** @throws InvalidInput; Conflict where there are as many as there may be */
  async create(
    tx: Transaction,
    organizationId: string,
    input: CreateWebhookInput,
  ): Promise<WebhookWithSecretResponse> {
    const values = await this.valuesOf(tx, organizationId, input);
    await assertRoom(tx, organizationId);
    const id = newUuid();
    await tx.insert(WebhookEndpoint, {
      ...{ id, organizationId, url: input.url, description: input.description, eventTypes: input.eventTypes },
      ...{ storeIds: null, ordered: input.ordered, enabled: true, disabledReason: null },
      ...values,
    });
    await tx.insert(WebhookEndpointHealth, { endpointId: id });
    const secret = await this.secrets.make(tx, id);
    return { ...(await this.get(tx, organizationId, id)), secret };
  }

  /**
   * Changes the given fields. One that is disabled cancels what waits; one that is enabled again begins in good health.
   * @throws NotFound, PreconditionFailed, InvalidInput
   */
  async update(
    tx: Transaction,
    organizationId: string,
    id: string,
    { patch, ifMatch }: { patch: UpdateWebhookInput; ifMatch: string | undefined },
  ): Promise<WebhookResponse> {
    const endpoint = await this.locked(tx, organizationId, id, ifMatch);
    const values = await this.valuesOf(tx, organizationId, patch);
    await tx.update(WebhookEndpoint, { id }, { ...values, updatedAt: () => 'clock_timestamp()' });
    if (patch.enabled === false && endpoint.enabled) await cancelPending(tx, id);
    if (patch.enabled === true && !endpoint.enabled) await recovered(tx, id);
    return this.get(tx, organizationId, id);
  }

  /** With its secrets and its deliveries. @throws NotFound, PreconditionFailed */
  async delete(
    tx: Transaction,
    organizationId: string,
    id: string,
    ifMatch: string | undefined,
  ): Promise<void> {
    await this.locked(tx, organizationId, id, ifMatch);
    await tx.delete(WebhookEndpoint, { id });
  }

  /** @throws NotFound */
  async rotate(tx: Transaction, organizationId: string, id: string): Promise<RotatedWebhookResponse> {
    const endpoint = await this.locked(tx, organizationId, id, undefined);
    const { secret, oldSecretEndsAt } = await this.secrets.rotate(tx, id);
    const presented = await this.present(tx, endpoint);
    return { ...presented, secret, oldSecretEndsAt: oldSecretEndsAt.toISOString() };
  }

  /** Sends a test to it, and to nobody else. @returns the delivery's UUID @throws NotFound, EndpointDisabled */
  async test(tx: Transaction, organizationId: string, id: string): Promise<string> {
    const endpoint = await this.locked(tx, organizationId, id, undefined);
    if (!endpoint.enabled) throw new EndpointDisabled(endpoint.disabledReason);
    const [deliveryId, eventId] = [newUuid(), newUuid()];
    const payload = presentEvent({
      ...{ id: eventId, sequence: 0, type: TEST_EVENT, organizationId, storeId: null, requestId: null },
      ...{
        subjectId: toPublicId('webhook', id),
        occurredAt: new Date(),
        data: { message: 'This is a test.' },
      },
    });
    await tx.insert(WebhookDelivery, {
      ...{ id: deliveryId, endpointId: id, organizationId, eventId, eventType: TEST_EVENT },
      ...{ subjectId: payload.subjectId, sequence: 0, payload: payload as object, status: 'pending' },
      nextAttemptAt: () => 'clock_timestamp()',
    });
    await this.wake.wake(tx, [id]);
    return deliveryId;
  }

  private async present(tx: Transaction, endpoint: WebhookEndpoint): Promise<WebhookResponse> {
    return presentWebhook(endpoint, await tx.findOneBy(WebhookEndpointHealth, { endpointId: endpoint.id }));
  }

  private async locked(
    tx: Transaction,
    organizationId: string,
    id: string,
    ifMatch: string | undefined,
  ): Promise<WebhookEndpoint> {
    const endpoint = await tx.findOne(WebhookEndpoint, {
      where: { id, organizationId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!endpoint) throw new NotFound();
    assertMatches(ifMatch, etagOf(await this.present(tx, endpoint), UNVERSIONED_WEBHOOK_FIELDS));
    return endpoint;
  }

  /** The columns that given fields come to. @throws InvalidInput */
  private async valuesOf(
    tx: Transaction,
    organizationId: string,
    { url, description, eventTypes, storeIds, ordered, enabled }: UpdateWebhookInput,
  ): Promise<Partial<WebhookEndpoint>> {
    if (url !== undefined) assertTarget(url, this.config.webhookAllowPrivate);
    if (eventTypes !== undefined) assertEventTypes(eventTypes, this.catalogue);
    return {
      ...(url !== undefined && { url }),
      ...(description !== undefined && { description }),
      ...(eventTypes !== undefined && { eventTypes }),
      ...(storeIds !== undefined && { storeIds: await storesOf(tx, organizationId, storeIds) }),
      ...(ordered !== undefined && { ordered }),
      ...(enabled !== undefined && { enabled, disabledReason: enabled ? null : ('by_hand' as const) }),
    };
  }
}

/** The UUIDs of stores that must be the organization's. @throws InvalidInput */
async function storesOf(
  tx: Transaction,
  organizationId: string,
  uuids: string[] | null,
): Promise<string[] | null> {
  if (uuids === null) return null;
  const found = await tx.query<{ id: string }[]>(
    'SELECT id FROM stores WHERE organization_id = $1 AND id = ANY ($2)',
    [organizationId, uuids],
  );
  const known = new Set(found.map(({ id }) => id));
  const faults = uuids.flatMap((id, index) =>
    known.has(id) ? [] : [{ field: `storeIds[${index}]`, reason: 'is no store of the organization' }],
  );
  const [first, ...rest] = faults;
  if (first) throw new InvalidInput([first, ...rest]);
  return uuids;
}

async function recovered(tx: Transaction, endpointId: string): Promise<void> {
  await tx.update(
    WebhookEndpointHealth,
    { endpointId },
    { failingSince: null, consecutiveFailures: 0, openUntil: null },
  );
}

/** @throws Conflict */
async function assertRoom(tx: Transaction, organizationId: string): Promise<void> {
  await takeTurn(tx, `webhooks/${organizationId}`);
  if ((await tx.countBy(WebhookEndpoint, { organizationId })) >= MOST_OF_ORGANIZATION) {
    throw new Conflict(`An organization has at most ${MOST_OF_ORGANIZATION} webhook endpoints.`, {
      limit: MOST_OF_ORGANIZATION,
    });
  }
}
