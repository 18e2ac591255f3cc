import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
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
  /** The limits that bind an organization now. */
  async limitsOf(tx: Transaction, organizationId: string): Promise<PlanLimits> {
    const organization = await tx.findOneByOrFail(Organization, { id: organizationId });
    const plan = await tx.findOneByOrFail(Plan, { id: organization.planId });
    return {
      activeKeysPerStore: organization.activeKeysPerStore ?? plan.activeKeysPerStore,
      highestLevel: organization.highestLevel ?? plan.highestLevel,
    };
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
