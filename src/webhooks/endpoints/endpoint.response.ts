import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { idPattern } from '../../platform/http/input/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import {
  DISABLED_REASONS,
  type DisabledReason,
  type WebhookEndpoint,
  type WebhookEndpointHealth,
} from './endpoint.entity.js';

const TIME = { type: 'string', format: 'date-time', nullable: true } as const;

@ApiSchema({ name: 'WebhookHealth' })
export class WebhookHealthResponse {
  @ApiProperty({ ...TIME, description: 'The first failure since the last success.' })
  failingSince!: string | null;
  @ApiProperty({ type: 'integer', description: 'Failures since the last success.' })
  consecutiveFailures!: number;
  @ApiProperty({ ...TIME, description: 'Nothing is sent before: it failed again and again.' })
  pausedUntil!: string | null;
  @ApiProperty(TIME) lastSuccessAt!: string | null;
  @ApiProperty(TIME) lastFailureAt!: string | null;
}

/** An endpoint as it is answered. */
@ApiSchema({ name: 'Webhook' })
export class WebhookResponse {
  @ApiProperty({ type: 'string', pattern: idPattern('webhook') }) id!: string;
  @ApiProperty() url!: string;
  @ApiProperty() description!: string;
  @ApiProperty({ type: [String], example: ['campaign.*'] }) eventTypes!: string[];
  @ApiProperty({ type: [String], nullable: true, description: 'Null: of every store, and of none.' })
  storeIds!: string[] | null;
  @ApiProperty() ordered!: boolean;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({
    enum: DISABLED_REASONS,
    nullable: true,
    description: '`failing`: for five days without a success; `gone`: it answered 410.',
  })
  disabledReason!: DisabledReason | null;
  @ApiProperty({ type: WebhookHealthResponse, description: 'How it does; no part of the ETag.' })
  health!: WebhookHealthResponse;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: string;
}

/** The same with a secret, which is shown in this answer only. */
@ApiSchema({ name: 'WebhookWithSecret' })
export class WebhookWithSecretResponse extends WebhookResponse {
  @ApiProperty({
    type: 'string',
    pattern: '^whsec_[A-Za-z0-9+/]{43}=$',
    description: 'What messages are signed with (Standard Webhooks). Shown once.',
  })
  secret!: string;
}

/** After a rotation. */
@ApiSchema({ name: 'RotatedWebhook' })
export class RotatedWebhookResponse extends WebhookWithSecretResponse {
  @ApiProperty({ ...TIME, description: 'Until then messages are signed with the old secret, too.' })
  oldSecretEndsAt!: string | null;
}

/** What changes without the endpoint being changed. */
export const UNVERSIONED_WEBHOOK_FIELDS = ['health'] as const;

export function presentWebhook(
  endpoint: WebhookEndpoint,
  health: WebhookEndpointHealth | null,
): WebhookResponse {
  return {
    id: toPublicId('webhook', endpoint.id),
    url: endpoint.url,
    description: endpoint.description,
    eventTypes: endpoint.eventTypes,
    storeIds: endpoint.storeIds?.map((id) => toPublicId('store', id)) ?? null,
    ordered: endpoint.ordered,
    enabled: endpoint.enabled,
    disabledReason: endpoint.disabledReason,
    health: {
      failingSince: health?.failingSince?.toISOString() ?? null,
      consecutiveFailures: health?.consecutiveFailures ?? 0,
      pausedUntil: health?.openUntil?.toISOString() ?? null,
      lastSuccessAt: health?.lastSuccessAt?.toISOString() ?? null,
      lastFailureAt: health?.lastFailureAt?.toISOString() ?? null,
    },
    createdAt: endpoint.createdAt.toISOString(),
    updatedAt: endpoint.updatedAt.toISOString(),
  };
}
