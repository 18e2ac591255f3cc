import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** The files of every store; their bytes are elsewhere. */
export class Media1764400000011 implements MigrationInterface {
  name = 'Media1764400000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE media (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        -- names the objects in the storage
        object_id uuid NOT NULL,
        name text NOT NULL,
        alt text NOT NULL DEFAULT '',
        type text NOT NULL,
        bytes bigint NOT NULL,
        sha256 text NOT NULL,
        width integer,
        height integer,
        frames integer,
        status text NOT NULL DEFAULT 'READY',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT media_pk PRIMARY KEY (id),
        CONSTRAINT media_store FOREIGN KEY (store_id) REFERENCES stores (id),
        CONSTRAINT media_status CHECK (status IN ('READY'))
      );
      CREATE INDEX media_by_creation ON media (store_id, created_at, id);
      CREATE INDEX media_by_type ON media (store_id, type, created_at, id);
      CREATE INDEX media_by_change ON media (store_id, updated_at, id);
      -- what the sweep asks by
      CREATE UNIQUE INDEX media_object ON media (object_id);
      -- names of files in their parts too: spring is to find spring-sale_2026.png
      CREATE INDEX media_search ON media
        USING gin (to_tsvector('simple', name || ' ' || translate(name, '._-', '   ') || ' ' || alt));
    `);
    await versionTable(queryRunner, 'media');
    await auditTable(queryRunner, 'media');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
