import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events are numbered after their commit, per organization and without gaps (docs/decisions/0014). Those of before
 * get their numbers from the first rounds of the sequencer, in the order in which they were written.
 */
export class EventSequence1764300000001 implements MigrationInterface {
  name = 'EventSequence1764300000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE events
        -- in the order of writing, with gaps and before the commit: of use to the sequencer alone
        ADD COLUMN emitted_no bigint GENERATED ALWAYS AS IDENTITY,
        -- null until it is numbered
        ADD COLUMN sequence bigint,
        ADD COLUMN numbered_at timestamptz(3),
        -- meant for what the numbers do now
        DROP COLUMN transaction_id;
      DROP INDEX events_of_organization;
      CREATE INDEX events_unnumbered ON events (emitted_no) WHERE sequence IS NULL;
      -- those of no organization count by themselves
      CREATE UNIQUE INDEX events_sequence ON events (organization_id, sequence) NULLS NOT DISTINCT
        WHERE sequence IS NOT NULL;
      CREATE INDEX events_numbered_at ON events (numbered_at) WHERE numbered_at IS NOT NULL;

      CREATE TABLE event_sequences (
        -- null for events of no organization
        organization_id uuid,
        last bigint NOT NULL,
        -- events up to this one are no longer kept
        swept bigint NOT NULL DEFAULT 0,
        CONSTRAINT event_sequences_one UNIQUE NULLS NOT DISTINCT (organization_id),
        CONSTRAINT event_sequences_order CHECK (swept >= 0 AND swept <= last)
      );
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
