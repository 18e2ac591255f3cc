import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { EventResponse } from '../../events/index.js';
import { numeric } from '../../platform/database/index.js';
import { WebhookEndpoint } from '../endpoints/endpoint.entity.js';

/** `cancelled`: the endpoint was disabled before it came to it. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed', 'cancelled'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event on its way to one endpoint. */
@Entity('webhook_deliveries')
@Index('webhook_deliveries_once', ['endpointId', 'eventId'], { unique: true, where: 'replay_of IS NULL' })
@Index('webhook_deliveries_due', ['endpointId', 'nextAttemptAt', 'sequence'], { where: `status = 'pending'` })
@Index('webhook_deliveries_leased', ['endpointId', 'lockedUntil'], { where: 'locked_until IS NOT NULL' })
@Index('webhook_deliveries_of_subject', ['endpointId', 'subjectId', 'sequence', 'id'], {
  where: `status = 'pending'`,
})
@Index('webhook_deliveries_of_endpoint', ['endpointId', 'createdAt', 'id'])
@Index('webhook_deliveries_created', ['createdAt'])
@Check('webhook_deliveries_status', `status IN ('pending', 'delivered', 'failed', 'cancelled')`)
@Check('webhook_deliveries_pending', `(status = 'pending') = (next_attempt_at IS NOT NULL)`)
export class WebhookDelivery {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_deliveries_pk' }) id!: string;
  @ForeignKey(() => WebhookEndpoint, { name: 'webhook_deliveries_endpoint', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'endpoint_id' })
  endpointId!: string;
  @Column('uuid', { name: 'organization_id' }) organizationId!: string;
  @Column('uuid', { name: 'event_id' }) eventId!: string;
  @Column('text', { name: 'event_type' }) eventType!: string;
  /** The public id of what the event happened to. */
  @Column('text', { name: 'subject_id' }) subjectId!: string;
  /** The event's number; 0 for a test. */
  @Column('bigint', { transformer: numeric }) sequence!: number;
  /** Of a test, whose event is in no log. */
  @Column('jsonb', { nullable: true }) payload!: EventResponse | null;
  @Column('text') status!: DeliveryStatus;
  @Column('integer', { default: 0 }) attempts!: number;
  @Column('timestamp with time zone', { name: 'next_attempt_at', precision: 3, nullable: true })
  nextAttemptAt!: Date | null;
  /** Whoever is sending it has until then. */
  @Column('timestamp with time zone', { name: 'locked_until', precision: 3, nullable: true })
  lockedUntil!: Date | null;
  /** UUID of the delivery that this one repeats. */
  @Column('uuid', { name: 'replay_of', nullable: true }) replayOf!: string | null;
  @Column('integer', { name: 'last_status', nullable: true }) lastStatus!: number | null;
  @Column('text', { name: 'last_error', nullable: true }) lastError!: string | null;
  @Column('timestamp with time zone', { name: 'created_at', precision: 3, default: () => 'now()' })
  createdAt!: Date;
  @Column('timestamp with time zone', { name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
}

/** One try of a delivery, and what came back. */
@Entity('webhook_attempts')
export class WebhookAttempt {
  @ForeignKey(() => WebhookDelivery, { name: 'webhook_attempts_delivery', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'delivery_id', primaryKeyConstraintName: 'webhook_attempts_pk' })
  deliveryId!: string;
  /** 1 for the first. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'webhook_attempts_pk' }) no!: number;
  @Column('timestamp with time zone', { precision: 3 }) at!: Date;
  @Column('integer', { name: 'duration_micros' }) durationMicros!: number;
  /** Null where no answer came. */
  @Column('integer', { nullable: true }) status!: number | null;
  @Column('text', { nullable: true }) error!: string | null;
  /** The first 8 kB. */
  @Column('text', { name: 'response_body', nullable: true }) responseBody!: string | null;
  @Column('integer', { name: 'retry_after_seconds', nullable: true }) retryAfterSeconds!: number | null;
}
