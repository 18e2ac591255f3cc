import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database } from '../../platform/database/index.js';
import { withEtag } from '../../platform/http/etag.js';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiGroup,
  ApiIfMatch,
  ApiNoContent,
  ApiPage,
} from '../../platform/http/openapi/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { DeliveryLog } from '../deliveries/delivery-log.js';
import { DeliveryResponse } from '../deliveries/delivery.response.js';
import { WEBHOOKS } from '../resource.js';
import { WebhookEndpoint, WebhookEndpointHealth } from './endpoint.entity.js';
import { CreateWebhookInput, ListWebhooksQuery, UpdateWebhookInput } from './endpoint.input.js';
import {
  presentWebhook,
  RotatedWebhookResponse,
  UNVERSIONED_WEBHOOK_FIELDS,
  WebhookResponse,
  WebhookWithSecretResponse,
} from './endpoint.response.js';
import { EndpointsService } from './endpoints.service.js';

type WithHealth = WebhookEndpoint & { health?: WebhookEndpointHealth };

/** Where the organization's events are sent to. */
@ApiGroup('Webhooks', 'Events, posted to whoever asked for them.')
@Controller('webhooks')
@OrganizationWide()
@Resource(WEBHOOKS.name, WEBHOOKS)
export class EndpointsController {
  constructor(
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly lists: Lists,
    private readonly endpoints: EndpointsService,
    private readonly log: DeliveryLog,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listWebhooks', summary: 'List the webhook endpoints' })
  @ApiPage(WebhookResponse, 'A page of endpoints; never with their secrets.')
  @ApiErrors()
  list(
    @Query() query: ListWebhooksQuery,
    @Context() context: RequestContext,
  ): Promise<Page<WebhookResponse>> {
    const { organizationId } = context.authenticated;
    const builder = this.database.manager
      .createQueryBuilder(WebhookEndpoint, 'endpoint')
      .leftJoinAndMapOne(
        'endpoint.health',
        WebhookEndpointHealth,
        'health',
        'health.endpointId = endpoint.id',
      )
      .where('endpoint.organizationId = :organizationId', { organizationId });
    const present = (endpoint: WithHealth) => presentWebhook(endpoint, endpoint.health ?? null);
    return this.lists.page(query, { name: `webhooks/${organizationId}`, builder, present });
  }

  @Post()
  @Requires('admin')
  @ApiOperation({
    operationId: 'createWebhook',
    summary: 'Create a webhook endpoint; its secret is shown once',
    description: 'At most twenty of an organization (409). Events from now on are sent to it.',
  })
  @ApiAnswer(WebhookWithSecretResponse, {
    status: 201,
    description: 'The new endpoint, with its secret.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Body() body: CreateWebhookInput,
    @Context() context: RequestContext,
  ): Promise<WebhookWithSecretResponse> {
    const { secret, ...created } = await this.transactions.run(
      context,
      (tx) => this.endpoints.create(tx, context.authenticated.organizationId, body),
      { secretOf: ({ id }) => id },
    );
    context.setHeader('Location', `/api/v1/webhooks/${created.id}`);
    return { ...withEtag(context, created, UNVERSIONED_WEBHOOK_FIELDS), secret };
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ operationId: 'getWebhook', summary: 'Get a webhook endpoint, and how it does' })
  @ApiAnswer(WebhookResponse, { description: 'The endpoint, without its secret.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(@IdParam('webhook') id: string, @Context() context: RequestContext): Promise<WebhookResponse> {
    const { organizationId } = context.authenticated;
    const endpoint = await this.endpoints.get(this.database.manager, organizationId, id);
    return withEtag(context, endpoint, UNVERSIONED_WEBHOOK_FIELDS);
  }

  @Patch(':id')
  @Requires('admin')
  @ApiOperation({
    operationId: 'updateWebhook',
    summary: 'Change, disable or enable a webhook endpoint',
    description:
      'What waits for an endpoint that is disabled is cancelled; replay it once it is enabled. The secret stays.',
  })
  @ApiIfMatch()
  @ApiAnswer(WebhookResponse, { description: 'The endpoint as it is now.', etag: true })
  @ApiErrors('body', 'conditional')
  async update(
    @IdParam('webhook') id: string,
    @Body() patch: UpdateWebhookInput,
    @Context() context: RequestContext,
  ): Promise<WebhookResponse> {
    const { organizationId } = context.authenticated;
    const changed = await this.transactions.run(context, (tx) =>
      this.endpoints.update(tx, organizationId, id, { patch, ifMatch: context.ifMatch }),
    );
    return withEtag(context, changed, UNVERSIONED_WEBHOOK_FIELDS);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({
    operationId: 'deleteWebhook',
    summary: 'Delete a webhook endpoint with its secrets and deliveries',
  })
  @ApiIfMatch()
  @ApiNoContent('The endpoint is gone.')
  @ApiErrors('conditional')
  async delete(@IdParam('webhook') id: string, @Context() context: RequestContext): Promise<void> {
    const { organizationId } = context.authenticated;
    await this.transactions.run(context, (tx) =>
      this.endpoints.delete(tx, organizationId, id, context.ifMatch),
    );
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @Requires('admin')
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: 'Give a webhook endpoint a new secret, shown once',
    description: 'For 24 hours messages are signed with both; a second rotation within them ends the oldest.',
  })
  @ApiAnswer(RotatedWebhookResponse, {
    description: 'The endpoint, with its new secret.',
    etag: true,
    idempotent: true,
  })
  @ApiErrors('idempotent')
  async rotate(
    @IdParam('webhook') id: string,
    @Context() context: RequestContext,
  ): Promise<RotatedWebhookResponse> {
    const { secret, oldSecretEndsAt, ...endpoint } = await this.transactions.run(
      context,
      (tx) => this.endpoints.rotate(tx, context.authenticated.organizationId, id),
      { secretOf: (rotated) => rotated.id },
    );
    return { ...withEtag(context, endpoint, UNVERSIONED_WEBHOOK_FIELDS), secret, oldSecretEndsAt };
  }

  @Post(':id/test')
  @HttpCode(202)
  @Requires('write')
  @ApiOperation({
    operationId: 'testWebhook',
    summary: 'Send a test event to a webhook endpoint',
    description: 'A `webhook.test`, to this endpoint alone. Look at the delivery for what came of it.',
  })
  @ApiAnswer(DeliveryResponse, {
    status: 202,
    description: 'The delivery.',
    location: true,
    idempotent: true,
  })
  @ApiErrors('idempotent', 'conflict')
  async test(@IdParam('webhook') id: string, @Context() context: RequestContext): Promise<DeliveryResponse> {
    const { organizationId } = context.authenticated;
    const delivery = await this.transactions.run(context, async (tx) =>
      this.log.shown(tx, organizationId, id, await this.endpoints.test(tx, organizationId, id)),
    );
    context.setHeader('Location', `/api/v1/webhooks/${delivery.webhookId}/deliveries/${delivery.id}`);
    return delivery;
  }
}
