import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable } from '../platform/database/audit-table.js';

/** Searches of the request log that were saved. */
export class AuditViews1764200000021 implements MigrationInterface {
  name = 'AuditViews1764200000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    // No foreign keys: the logs stand below organizations, members and keys, and a view is no use without its owner.
    await queryRunner.query(`
      CREATE TABLE audit_views (
        id uuid NOT NULL,
        organization_id uuid NOT NULL,
        owner_type text NOT NULL,
        owner_id uuid NOT NULL,
        name text NOT NULL,
        filters jsonb NOT NULL,
        shared boolean NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        CONSTRAINT audit_views_pk PRIMARY KEY (id)
      );
      CREATE INDEX audit_views_organization ON audit_views (organization_id, created_at, id);
    `);
    await auditTable(queryRunner, 'audit_views');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
