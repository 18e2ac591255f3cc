import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the clock reads campaigns by, and what their search does. */
export class CampaignLife1764400000001 implements MigrationInterface {
  name = 'CampaignLife1764400000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX campaigns_to_start ON campaigns (start_date) WHERE status = 'SCHEDULED';
      CREATE INDEX campaigns_to_end ON campaigns (end_date) WHERE status IN ('ACTIVE', 'PAUSED');
      CREATE INDEX campaigns_search ON campaigns USING gin (to_tsvector('simple', name || ' ' || description));
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
