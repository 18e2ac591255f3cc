import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what the keys of a store used, those that are deleted too. */
export class UsageIndexes1764100000011 implements MigrationInterface {
  name = 'UsageIndexes1764100000011';

  // Not over requests and charged: they change with every batch, and a row whose indexed columns stay is changed in
  // place (HOT).
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('CREATE INDEX key_usage_of_store ON key_usage (store_id, hour)');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
