import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** Whom stores speak to. */
export class Audiences1764400000004 implements MigrationInterface {
  name = 'Audiences1764400000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE audiences (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        rules jsonb,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT audiences_pk PRIMARY KEY (id),
        CONSTRAINT audiences_store FOREIGN KEY (store_id) REFERENCES stores (id)
      );
      CREATE INDEX audiences_by_creation ON audiences (store_id, created_at, id);
      CREATE INDEX audiences_search ON audiences USING gin (to_tsvector('simple', name || ' ' || description));

      CREATE TABLE customers (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        reference text NOT NULL,
        attributes jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT customers_pk PRIMARY KEY (id),
        CONSTRAINT customers_store FOREIGN KEY (store_id) REFERENCES stores (id),
        CONSTRAINT customers_reference UNIQUE (store_id, reference)
      );
      CREATE INDEX customers_by_creation ON customers (store_id, created_at, id);
      CREATE INDEX customers_attributes ON customers USING gin (attributes jsonb_path_ops);

      CREATE TABLE audience_members (
        id uuid NOT NULL,
        store_id uuid NOT NULL,
        audience_id uuid NOT NULL,
        customer_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT audience_members_pk PRIMARY KEY (id),
        CONSTRAINT audience_members_store FOREIGN KEY (store_id) REFERENCES stores (id),
        CONSTRAINT audience_members_audience FOREIGN KEY (audience_id) REFERENCES audiences (id) ON DELETE CASCADE,
        CONSTRAINT audience_members_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE,
        CONSTRAINT audience_members_once UNIQUE (audience_id, customer_id)
      );
      CREATE INDEX audience_members_of_customer ON audience_members (customer_id);
    `);
    await versionTable(queryRunner, 'audiences');
    await versionTable(queryRunner, 'customers');
    await auditTable(queryRunner, 'audiences');
    await auditTable(queryRunner, 'customers', { secretColumns: ['reference', 'attributes'] });
    await auditTable(queryRunner, 'audience_members');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
