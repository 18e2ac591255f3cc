import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/index.js';
import { Organization } from '../../tenants/index.js';

/** Why nothing is sent to an endpoint: somebody said so, it failed for days, or it answered 410. */
export const DISABLED_REASONS = ['by_hand', 'failing', 'gone'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** Where an organization's events are sent to. */
@Entity('webhook_endpoints')
@Index('webhook_endpoints_of_organization', ['organizationId', 'createdAt', 'id'])
@Check(
  'webhook_endpoints_disabled',
  `enabled = (disabled_reason IS NULL) AND disabled_reason IN ('by_hand', 'failing', 'gone')`,
)
export class WebhookEndpoint {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_endpoints_pk' }) id!: string;
  @Column('bigint', { default: 1, transformer: numeric }) version!: number;
  @ForeignKey(() => Organization, { name: 'webhook_endpoints_organization' })
  @Column('uuid', { name: 'organization_id' })
  organizationId!: string;
  @Column('text') url!: string;
  @Column('text', { default: '' }) description!: string;
  /** Types, or beginnings of types: `campaign.started`, `campaign.*`, `*`. */
  @Column('text', { name: 'event_types', array: true }) eventTypes!: string[];
  /** UUIDs; null: events of every store, and of none. */
  @Column('uuid', { name: 'store_ids', array: true, nullable: true }) storeIds!: string[] | null;
  @Column('boolean', { default: true }) enabled!: boolean;
  /** Of one object, an event is sent when the one before it has arrived, or was given up. */
  @Column('boolean', { default: false }) ordered!: boolean;
  @Column('text', { name: 'disabled_reason', nullable: true }) disabledReason!: DisabledReason | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'updated_at', precision: 3, default: () => 'now()' })
  updatedAt!: Date;
}

/** How an endpoint does. Apart from it, so that its ETag stays while it fails. */
@Entity('webhook_endpoint_health')
export class WebhookEndpointHealth {
  @ForeignKey(() => WebhookEndpoint, { name: 'webhook_endpoint_health_endpoint', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'endpoint_id', primaryKeyConstraintName: 'webhook_endpoint_health_pk' })
  endpointId!: string;
  /** The first failure since the last success. */
  @Column('timestamp with time zone', { name: 'failing_since', precision: 3, nullable: true })
  failingSince!: Date | null;
  @Column('integer', { name: 'consecutive_failures', default: 0 }) consecutiveFailures!: number;
  /** Nothing is sent before. */
  @Column('timestamp with time zone', { name: 'open_until', precision: 3, nullable: true })
  openUntil!: Date | null;
  @Column('timestamp with time zone', { name: 'last_success_at', precision: 3, nullable: true })
  lastSuccessAt!: Date | null;
  @Column('timestamp with time zone', { name: 'last_failure_at', precision: 3, nullable: true })
  lastFailureAt!: Date | null;
}

/** What an endpoint's messages are signed with; two at once while it is rotated. */
@Entity('webhook_secrets')
@Index('webhook_secrets_of_endpoint', ['endpointId', 'createdAt'])
export class WebhookSecret {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_secrets_pk' }) id!: string;
  @ForeignKey(() => WebhookEndpoint, { name: 'webhook_secrets_endpoint', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'endpoint_id' })
  endpointId!: string;
  /** 32 bytes in a SecretBox, for the place `webhook/<id>`. */
  @Column('bytea') sealed!: Buffer;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  /** Null: until it is rotated. */
  @Column('timestamp with time zone', { name: 'ends_at', precision: 3, nullable: true }) endsAt!: Date | null;
}

/** The place that a secret's box is sealed for. @param secretId UUID */
export const secretPlace = (secretId: string): string => `webhook/${secretId}`;
