import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** What stores say of themselves, and the texts and images that were made of it. */
export class GeneratedContent1764400000024 implements MigrationInterface {
  name = 'GeneratedContent1764400000024';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE brands (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        name text NOT NULL DEFAULT '',
        tone text NOT NULL,
        words text[] NOT NULL DEFAULT '{}',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT brands_pk PRIMARY KEY (id),
        CONSTRAINT brands_one_of_store UNIQUE (store_id),
        CONSTRAINT brands_store FOREIGN KEY (store_id) REFERENCES stores (id)
      );

      CREATE TABLE copies (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        goal text NOT NULL,
        about text NOT NULL DEFAULT '',
        skus text[] NOT NULL DEFAULT '{}',
        platform text,
        tone text NOT NULL,
        language text NOT NULL,
        texts jsonb NOT NULL,
        ${GENERATED}
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT copies_pk PRIMARY KEY (id),
        CONSTRAINT copies_store FOREIGN KEY (store_id) REFERENCES stores (id)
      );
      CREATE INDEX copies_by_creation ON copies (store_id, created_at, id);
      CREATE INDEX copies_search ON copies
        USING gin ((to_tsvector('simple', about) || to_tsvector('simple', texts)));

      CREATE TABLE image_sets (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        prompt text NOT NULL,
        sku text,
        size text NOT NULL,
        media_ids uuid[] NOT NULL,
        ${GENERATED}
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT image_sets_pk PRIMARY KEY (id),
        CONSTRAINT image_sets_store FOREIGN KEY (store_id) REFERENCES stores (id)
      );
      CREATE INDEX image_sets_by_creation ON image_sets (store_id, created_at, id);
      CREATE INDEX image_sets_search ON image_sets USING gin (to_tsvector('simple', prompt));
    `);
    await versionTable(queryRunner, 'brands');
    await auditTable(queryRunner, 'brands');
    await versionTable(queryRunner, 'copies');
    await auditTable(queryRunner, 'copies', { entity: 'copy' });
    await versionTable(queryRunner, 'image_sets');
    await auditTable(queryRunner, 'image_sets');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}

/** How each came about. */
const GENERATED = `
        provider text NOT NULL,
        model text,
        input_tokens integer,
        output_tokens integer,
        cost_micros bigint,
        job_id uuid NOT NULL,`;
