import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database } from '../../platform/database/index.js';
import {
  Context,
  OrganizationWide,
  Pollable,
  RequestContext,
  Requires,
  Resource,
} from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { ApiAnswer, ApiErrors, ApiGroup, ApiPage } from '../../platform/http/openapi/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { WEBHOOKS } from '../resource.js';
import { DeliveryLog } from './delivery-log.js';
import { ListDeliveriesQuery, ReplayInput } from './delivery.input.js';
import { DeliveryDetailResponse, DeliveryResponse, ReplayResponse } from './delivery.response.js';
import { Replays } from './replays.js';

/** What was sent to an endpoint, and what came of it. */
@ApiGroup('Webhooks')
@Controller('webhooks/:id')
@OrganizationWide()
@Resource(WEBHOOKS.name, WEBHOOKS)
export class DeliveriesController {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly log: DeliveryLog,
    private readonly replays: Replays,
  ) {}

  @Get('deliveries')
  @Requires('read')
  @ApiOperation({
    operationId: 'listWebhookDeliveries',
    summary: 'List what was sent to a webhook endpoint',
    description: 'The newest first. Deliveries are kept for 30 days.',
  })
  @ApiPage(DeliveryResponse, 'A page of deliveries.')
  @ApiErrors()
  list(
    @IdParam('webhook') id: string,
    @Query() query: ListDeliveriesQuery,
    @Context() context: RequestContext,
  ): Promise<Page<DeliveryResponse>> {
    return this.log.page(context.authenticated.organizationId, id, query);
  }

  @Get('deliveries/:deliveryId')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'getWebhookDelivery',
    summary: 'Get a delivery, with its attempts and what was answered',
    description: 'The polling interval does not apply.',
  })
  @ApiAnswer(DeliveryDetailResponse, { description: 'The delivery.' })
  @ApiErrors()
  get(
    @IdParam('webhook') id: string,
    @IdParam('webhookDelivery', 'deliveryId') deliveryId: string,
    @Context() context: RequestContext,
  ): Promise<DeliveryDetailResponse> {
    const { organizationId } = context.authenticated;
    return this.log.get(this.database.manager, organizationId, id, deliveryId);
  }

  @Post('deliveries/:deliveryId/replay')
  @HttpCode(202)
  @Requires('write')
  @ApiOperation({ operationId: 'replayWebhookDelivery', summary: 'Send one event once more' })
  @ApiAnswer(DeliveryResponse, {
    status: 202,
    description: 'The new delivery.',
    location: true,
    idempotent: true,
  })
  @ApiErrors('idempotent', 'conflict')
  async replay(
    @IdParam('webhook') id: string,
    @IdParam('webhookDelivery', 'deliveryId') deliveryId: string,
    @Context() context: RequestContext,
  ): Promise<DeliveryResponse> {
    const { organizationId } = context.authenticated;
    const delivery = await this.transactions.run(context, async (tx) => {
      const made = await this.replays.one(tx, organizationId, id, deliveryId);
      return this.log.shown(tx, organizationId, id, made);
    });
    context.setHeader('Location', `/api/v1/webhooks/${delivery.webhookId}/deliveries/${delivery.id}`);
    return delivery;
  }

  @Post('replay')
  @HttpCode(202)
  @Requires('write')
  @ApiOperation({
    operationId: 'replayWebhook',
    summary: 'Send the events of a time once more',
    description:
      'Those that did not arrive, or all. In their order, each with the id it had; receivers know by it what they have already. A thousand at a time: `hasMore` and `next` tell how to go on.',
  })
  @ApiAnswer(ReplayResponse, { status: 202, description: 'How many there are.', idempotent: true })
  @ApiErrors('body', 'idempotent', 'conflict')
  replayMany(
    @IdParam('webhook') id: string,
    @Body() body: ReplayInput,
    @Context() context: RequestContext,
  ): Promise<ReplayResponse> {
    const { organizationId } = context.authenticated;
    return this.transactions.run(context, (tx) => this.replays.many(tx, organizationId, id, body));
  }
}
