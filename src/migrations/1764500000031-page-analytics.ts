import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a landing page tells analytics of its visits: part of what is published. */
export class PageAnalytics1764500000031 implements MigrationInterface {
  name = 'PageAnalytics1764500000031';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE landing_pages ADD COLUMN analytics boolean NOT NULL DEFAULT false;
      ALTER TABLE landing_page_versions ADD COLUMN analytics boolean NOT NULL DEFAULT false;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
