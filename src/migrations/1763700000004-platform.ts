import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Replies kept for Idempotency-Key, and the event log. */
export class Platform1763700000004 implements MigrationInterface {
  name = 'Platform1763700000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE idempotency_replies (
        principal_id uuid NOT NULL,
        idempotency_key text NOT NULL,
        request_digest bytea NOT NULL,
        status smallint NOT NULL,
        -- null where the reply held a secret: then only what it was about is kept
        body jsonb,
        secret_of text,
        expires_at timestamptz(3) NOT NULL,
        CONSTRAINT idempotency_replies_pk PRIMARY KEY (principal_id, idempotency_key)
      );
      CREATE INDEX idempotency_replies_expiry ON idempotency_replies (expires_at);

      CREATE TABLE events (
        id uuid NOT NULL,
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        type text NOT NULL,
        organization_id uuid,
        store_id uuid,
        subject_id text NOT NULL,
        data jsonb NOT NULL,
        request_id uuid,
        occurred_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT events_pk PRIMARY KEY (id)
      );
      CREATE INDEX events_of_organization ON events (organization_id, id);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
