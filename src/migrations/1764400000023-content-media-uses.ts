import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The media that posts carry, and the way from a medium to what uses it: a post, a page, or a version of one. */
export class ContentMediaUses1764400000023 implements MigrationInterface {
  name = 'ContentMediaUses1764400000023';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE posts ADD COLUMN media_ids uuid[] NOT NULL DEFAULT '{}';
      CREATE INDEX posts_media ON posts USING gin (media_ids);
      CREATE INDEX posts_variant_media ON posts USING gin (variants jsonb_path_ops);
      CREATE INDEX landing_pages_media ON landing_pages USING gin (blocks jsonb_path_ops);
      CREATE INDEX landing_page_versions_media ON landing_page_versions USING gin (blocks jsonb_path_ops);
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
