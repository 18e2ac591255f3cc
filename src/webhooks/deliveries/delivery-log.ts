import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { WebhookAttempt, WebhookDelivery } from '../delivery/delivery.entity.js';
import { WebhookEndpoint } from '../endpoints/endpoint.entity.js';
import type { ListDeliveriesQuery } from './delivery.input.js';
import {
  type DeliveryDetailResponse,
  type DeliveryResponse,
  presentAttempt,
  presentDelivery,
} from './delivery.response.js';

const MOST_ATTEMPTS = 20;

/** What was sent to an organization's (UUID) endpoints, and what came of it. Kept for 30 days. */
@Injectable()
export class DeliveryLog {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
  ) {}

  /** @throws NotFound for an endpoint that is not the organization's; InvalidInput */
  async page(
    organizationId: string,
    endpointId: string,
    query: ListDeliveriesQuery,
  ): Promise<Page<DeliveryResponse>> {
    const { manager } = this.database;
    if (!(await manager.existsBy(WebhookEndpoint, { id: endpointId, organizationId }))) throw new NotFound();
    const builder = manager
      .createQueryBuilder(WebhookDelivery, 'delivery')
      .where('delivery.endpointId = :endpointId', { endpointId });
    const { status, eventType, from, to } = query;
    if (status !== undefined) builder.andWhere('delivery.status = :status', { status });
    if (eventType !== undefined) builder.andWhere('delivery.eventType = :eventType', { eventType });
    if (from !== undefined) builder.andWhere('delivery.createdAt >= :from', { from });
    if (to !== undefined) builder.andWhere('delivery.createdAt <= :to', { to });
    const name = `webhook-deliveries/${endpointId}`;
    return this.lists.page(query, { name, builder, present: presentDelivery });
  }

  /** One, without its attempts. @throws NotFound */
  async shown(
    tx: Transaction,
    organizationId: string,
    endpointId: string,
    id: string,
  ): Promise<DeliveryResponse> {
    const delivery = await tx.findOneBy(WebhookDelivery, { id, endpointId, organizationId });
    if (!delivery) throw new NotFound();
    return presentDelivery(delivery);
  }

  /** One with its attempts. @throws NotFound */
  async get(
    tx: Transaction,
    organizationId: string,
    endpointId: string,
    id: string,
  ): Promise<DeliveryDetailResponse> {
    const delivery = await this.shown(tx, organizationId, endpointId, id);
    const attempts = await tx.find(WebhookAttempt, {
      where: { deliveryId: id },
      order: { no: 'DESC' },
      take: MOST_ATTEMPTS,
    });
    return { ...delivery, attemptLog: attempts.map(presentAttempt) };
  }
}
