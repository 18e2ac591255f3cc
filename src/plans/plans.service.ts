import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database/index.js';
import type { Level } from '../platform/http/index.js';
import { Organization } from '../tenants/index.js';
import { PLAN_CATALOGUE } from './plan-catalogue.js';
import { Plan } from './plan.entity.js';

/** What a plan and an organization's own limits leave, beside the quota. */
export interface PlanLimits {
  readonly activeKeysPerStore: number;
  readonly highestLevel: Level;
}

@Injectable()
export class PlansService {
  constructor(private readonly database: Database) {}

  /** The limits that bind an organization now. */
  async limitsOf(tx: Transaction, organizationId: string): Promise<PlanLimits> {
    const organization = await tx.findOneByOrFail(Organization, { id: organizationId });
    const plan = await tx.findOneByOrFail(Plan, { id: organization.planId });
    return {
      activeKeysPerStore: organization.activeKeysPerStore ?? plan.activeKeysPerStore,
      highestLevel: organization.highestLevel ?? plan.highestLevel,
    };
  }

  /**
   * The smallest plan, no smaller than its own, under which an organization's keys would reach a level; null where
   * none is, as where a limit of the organization's own holds the level down.
   */
  async smallestReaching(organizationId: string, level: Level): Promise<string | null> {
    const [row] = await this.database.query<{ plan: string | null }>(
      `SELECT smallest_plan($1, 0, 0, 'infinity', $2) AS plan`,
      [organizationId, level],
    );
    return row?.plan ?? null;
  }

  /** Brings the catalogue's plans into the database; a plan that is there stays as it is. */
  async seedCatalogue(tx: Transaction): Promise<void> {
    await tx
      .createQueryBuilder()
      .insert()
      .into(Plan)
      .values([...PLAN_CATALOGUE])
      .orIgnore()
      .execute();
  }
}
