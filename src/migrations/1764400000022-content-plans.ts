import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable, versionTable } from '../platform/database/audit-table.js';

/** Calendars of proposed posts. */
export class ContentPlans1764400000022 implements MigrationInterface {
  name = 'ContentPlans1764400000022';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE content_plans (
        id uuid NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        store_id uuid NOT NULL,
        campaign_id uuid,
        name text NOT NULL,
        start_date timestamptz(3) NOT NULL,
        end_date timestamptz(3) NOT NULL,
        goals text[] NOT NULL,
        platforms text[] NOT NULL,
        posts_per_week integer NOT NULL,
        time_zone text NOT NULL,
        tone text NOT NULL,
        items jsonb NOT NULL,
        status text NOT NULL,
        post_ids uuid[] NOT NULL DEFAULT '{}',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT content_plans_pk PRIMARY KEY (id),
        CONSTRAINT content_plans_store FOREIGN KEY (store_id) REFERENCES stores (id),
        CONSTRAINT content_plans_campaign FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE SET NULL,
        CONSTRAINT content_plans_status CHECK (status IN ('DRAFT', 'ACCEPTED')),
        CONSTRAINT content_plans_dates CHECK (end_date >= start_date)
      );
      CREATE INDEX content_plans_by_creation ON content_plans (store_id, created_at, id);
      CREATE INDEX content_plans_of_campaign ON content_plans (campaign_id);
      CREATE INDEX content_plans_search ON content_plans USING gin (to_tsvector('simple', name));
    `);
    await versionTable(queryRunner, 'content_plans');
    await auditTable(queryRunner, 'content_plans');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations run forwards only.'));
  }
}
