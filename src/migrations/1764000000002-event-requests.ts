import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An event knows its request by itself: from the actor that its transaction has set. */
export class EventRequests1764000000002 implements MigrationInterface {
  name = 'EventRequests1764000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE events ALTER COLUMN request_id
        SET DEFAULT (nullif(current_setting('gatehouse.actor', true), '')::json->>'requestId')::uuid
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
