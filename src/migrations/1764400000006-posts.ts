import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** What stores say. */
export class Posts1764400000006 implements MigrationInterface {
  name = 'Posts1764400000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE posts (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        campaign_id uuid,
        title text NOT NULL DEFAULT '',
        caption text NOT NULL,
        link text,
        platforms text[] NOT NULL,
        variants jsonb NOT NULL DEFAULT '[]',
        tags text[] NOT NULL DEFAULT '{}',
        status text NOT NULL,
        scheduled_for timestamptz(3),
        published_at timestamptz(3),
        publications jsonb NOT NULL DEFAULT '[]',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT posts_pk PRIMARY KEY (id),
        CONSTRAINT posts_store FOREIGN KEY (store_id) REFERENCES stores (id),
        CONSTRAINT posts_campaign FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE SET NULL,
        CONSTRAINT posts_scheduled CHECK (status <> 'SCHEDULED' OR scheduled_for IS NOT NULL)
      );
      CREATE INDEX posts_by_creation ON posts (store_id, created_at, id);
      CREATE INDEX posts_by_status ON posts (store_id, status, created_at, id);
      CREATE INDEX posts_by_schedule ON posts (store_id, scheduled_for, id);
      CREATE INDEX posts_published ON posts (store_id, published_at) WHERE published_at IS NOT NULL;
      CREATE INDEX posts_of_campaign ON posts (campaign_id);
      CREATE INDEX posts_to_publish ON posts (scheduled_for) WHERE status = 'SCHEDULED';
      CREATE INDEX posts_search ON posts USING gin (to_tsvector('simple', title || ' ' || caption));
    `);
    await versionTable(queryRunner, 'posts');
    await auditTable(queryRunner, 'posts');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
