import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** Webhook endpoints, their secrets, and what was sent to them. */
export class Webhooks1764300000011 implements MigrationInterface {
  name = 'Webhooks1764300000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    await auditTable(queryRunner, 'webhook_endpoints');
    await versionTable(queryRunner, 'webhook_endpoints');
    await auditTable(queryRunner, 'webhook_secrets', { secretColumns: ['sealed'] });
    // Health, deliveries and attempts change with every attempt, and are no business data.
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

const TABLES = `
CREATE TABLE webhook_endpoints (
  id uuid NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  organization_id uuid NOT NULL,
  url text NOT NULL,
  description text NOT NULL DEFAULT '',
  -- types, or beginnings of types: campaign.started, campaign.*, *
  event_types text[] NOT NULL,
  -- null: of every store, and of none
  store_ids uuid[],
  enabled boolean NOT NULL DEFAULT true,
  -- of one object, an event is sent when the one before it has arrived, or was given up
  ordered boolean NOT NULL DEFAULT false,
  disabled_reason text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT webhook_endpoints_pk PRIMARY KEY (id),
  CONSTRAINT webhook_endpoints_organization FOREIGN KEY (organization_id) REFERENCES organizations (id),
  CONSTRAINT webhook_endpoints_disabled CHECK (
    enabled = (disabled_reason IS NULL) AND disabled_reason IN ('by_hand', 'failing', 'gone'))
);
CREATE INDEX webhook_endpoints_of_organization ON webhook_endpoints (organization_id, created_at, id);

CREATE TABLE webhook_endpoint_health (
  endpoint_id uuid NOT NULL,
  -- the first failure since the last success
  failing_since timestamptz(3),
  consecutive_failures integer NOT NULL DEFAULT 0,
  -- nothing is sent before
  open_until timestamptz(3),
  last_success_at timestamptz(3),
  last_failure_at timestamptz(3),
  CONSTRAINT webhook_endpoint_health_pk PRIMARY KEY (endpoint_id),
  CONSTRAINT webhook_endpoint_health_endpoint FOREIGN KEY (endpoint_id)
    REFERENCES webhook_endpoints (id) ON DELETE CASCADE
);

CREATE TABLE webhook_secrets (
  id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  -- opens under the master secret that it names
  sealed bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  -- null: until it is rotated
  ends_at timestamptz(3),
  CONSTRAINT webhook_secrets_pk PRIMARY KEY (id),
  CONSTRAINT webhook_secrets_endpoint FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (id) ON DELETE CASCADE
);
CREATE INDEX webhook_secrets_of_endpoint ON webhook_secrets (endpoint_id, created_at);

CREATE TABLE webhook_deliveries (
  id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  event_id uuid NOT NULL,
  event_type text NOT NULL,
  subject_id text NOT NULL,
  -- the event's number; 0 for a test
  sequence bigint NOT NULL,
  -- of a test, whose event is in no log
  payload jsonb,
  status text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3),
  -- whoever is sending it has until then
  locked_until timestamptz(3),
  replay_of uuid,
  last_status integer,
  last_error text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  finished_at timestamptz(3),
  CONSTRAINT webhook_deliveries_pk PRIMARY KEY (id),
  CONSTRAINT webhook_deliveries_endpoint FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  CONSTRAINT webhook_deliveries_status CHECK (status IN ('pending', 'delivered', 'failed', 'cancelled')),
  CONSTRAINT webhook_deliveries_pending CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
);
-- An event is sent to an endpoint once, replays apart, however often it is told.
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (endpoint_id, event_id) WHERE replay_of IS NULL;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at, sequence) WHERE status = 'pending';
-- Few, however many wait.
CREATE INDEX webhook_deliveries_leased ON webhook_deliveries (endpoint_id, locked_until) WHERE locked_until IS NOT NULL;
CREATE INDEX webhook_deliveries_of_subject ON webhook_deliveries (endpoint_id, subject_id, sequence, id)
  WHERE status = 'pending';
CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_created ON webhook_deliveries (created_at);

CREATE TABLE webhook_attempts (
  delivery_id uuid NOT NULL,
  no integer NOT NULL,
  at timestamptz(3) NOT NULL,
  duration_micros integer NOT NULL,
  -- null where no answer came
  status integer,
  error text,
  -- the first 8 kB
  response_body text,
  retry_after_seconds integer,
  CONSTRAINT webhook_attempts_pk PRIMARY KEY (delivery_id, no),
  CONSTRAINT webhook_attempts_delivery FOREIGN KEY (delivery_id) REFERENCES webhook_deliveries (id) ON DELETE CASCADE
);
`;
