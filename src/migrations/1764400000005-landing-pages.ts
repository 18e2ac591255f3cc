import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** Pages that stores publish, with what they said each time. */
export class LandingPages1764400000005 implements MigrationInterface {
  name = 'LandingPages1764400000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE landing_pages (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        slug text NOT NULL,
        title text NOT NULL,
        description text NOT NULL DEFAULT '',
        blocks jsonb NOT NULL,
        status text NOT NULL,
        published_version integer,
        published_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT landing_pages_pk PRIMARY KEY (id),
        CONSTRAINT landing_pages_store FOREIGN KEY (store_id) REFERENCES stores (id),
        CONSTRAINT landing_pages_slug UNIQUE (slug),
        CONSTRAINT landing_pages_status CHECK (status IN ('DRAFT', 'PUBLISHED')),
        CONSTRAINT landing_pages_published CHECK ((status = 'PUBLISHED') = (published_version IS NOT NULL))
      );
      CREATE INDEX landing_pages_by_creation ON landing_pages (store_id, created_at, id);
      CREATE INDEX landing_pages_search ON landing_pages USING gin (to_tsvector('simple', title || ' ' || description));

      CREATE TABLE landing_page_versions (
        id uuid NOT NULL,
        store_id uuid NOT NULL,
        page_id uuid NOT NULL,
        number integer NOT NULL,
        title text NOT NULL,
        description text NOT NULL,
        blocks jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT landing_page_versions_pk PRIMARY KEY (id),
        CONSTRAINT landing_page_versions_store FOREIGN KEY (store_id) REFERENCES stores (id),
        CONSTRAINT landing_page_versions_page FOREIGN KEY (page_id) REFERENCES landing_pages (id) ON DELETE CASCADE,
        CONSTRAINT landing_page_versions_number UNIQUE (page_id, number)
      );
    `);
    await versionTable(queryRunner, 'landing_pages');
    await auditTable(queryRunner, 'landing_pages');
    await auditTable(queryRunner, 'landing_page_versions');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
