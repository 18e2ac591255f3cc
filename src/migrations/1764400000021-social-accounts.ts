import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** Where posts go, by network. */
export class SocialAccounts1764400000021 implements MigrationInterface {
  name = 'SocialAccounts1764400000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE social_accounts (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        platform text NOT NULL,
        name text NOT NULL,
        url text NOT NULL,
        sealed bytea NOT NULL,
        status text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT social_accounts_pk PRIMARY KEY (id),
        CONSTRAINT social_accounts_store FOREIGN KEY (store_id) REFERENCES stores (id),
        CONSTRAINT social_accounts_status CHECK (status IN ('CONNECTED', 'DISCONNECTED'))
      );
      CREATE INDEX social_accounts_by_creation ON social_accounts (store_id, created_at, id);
      -- A post goes to one account of a network.
      CREATE UNIQUE INDEX social_accounts_connected ON social_accounts (store_id, platform) WHERE status = 'CONNECTED';
      CREATE INDEX social_accounts_search ON social_accounts USING gin (to_tsvector('simple', name));
    `);
    await versionTable(queryRunner, 'social_accounts');
    await auditTable(queryRunner, 'social_accounts', { secretColumns: ['sealed'] });
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
