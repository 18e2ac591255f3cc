import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** What stores sell. */
export class Products1764400000003 implements MigrationInterface {
  name = 'Products1764400000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE products (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        sku text NOT NULL,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        status text NOT NULL,
        price_minor bigint NOT NULL,
        currency text NOT NULL,
        stock integer,
        category text NOT NULL DEFAULT '',
        url text,
        image_url text,
        tags text[] NOT NULL DEFAULT '{}',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT products_pk PRIMARY KEY (id),
        CONSTRAINT products_store FOREIGN KEY (store_id) REFERENCES stores (id),
        CONSTRAINT products_sku UNIQUE (store_id, sku),
        CONSTRAINT products_price CHECK (price_minor >= 0),
        CONSTRAINT products_stock CHECK (stock >= 0)
      );
      CREATE INDEX products_by_creation ON products (store_id, created_at, id);
      CREATE INDEX products_by_change ON products (store_id, updated_at, id);
      CREATE INDEX products_search ON products USING gin (to_tsvector('simple', name || ' ' || description));
    `);
    await versionTable(queryRunner, 'products');
    await auditTable(queryRunner, 'products');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
