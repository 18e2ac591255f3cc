import { Injectable } from '@nestjs/common';
import { changesOf, type ChangeLogRow } from '../../audit/index.js';
import { Database } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import { type ListQuery, Lists, type Page } from '../../platform/http/lists/index.js';
import { Organization, PLAN_COLUMNS, planChangeOf } from '../../tenants/index.js';
import { ActorNames } from './actor-names.js';
import type { PlanHistoryEntryResponse } from './plan-history.response.js';

export interface PlanHistoryReader {
  /** Sees the names of actors of every organization; others see those of their own alone. */
  readonly isOperator: boolean;
}

/** How an organization's plan, limits and status came to be what they are, as the change log has it. */
@Injectable()
export class PlanHistory {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
    private readonly names: ActorNames,
  ) {}

  /**
   * A page of the changes of an organization (UUID), its making included.
   * @throws NotFound; InvalidInput for a cursor that is not this list's
   */
  async page(
    organizationId: string,
    query: ListQuery,
    { isOperator }: PlanHistoryReader,
  ): Promise<Page<PlanHistoryEntryResponse>> {
    const { manager } = this.database;
    if (!(await manager.existsBy(Organization, { id: organizationId }))) throw new NotFound();
    const page = await this.lists.page(
      { ...query, sortBy: 'id' },
      {
        name: `plan-history/${organizationId}`,
        builder: changesOf(manager, { entity: 'organization', id: organizationId, columns: PLAN_COLUMNS }),
        present: (row) => row,
      },
    );
    const names = await this.names.of(manager, page.data, isOperator ? undefined : organizationId);
    return { ...page, data: page.data.map((row) => entryOf(row, names(row))) };
  }
}

function entryOf(row: ChangeLogRow, actor: PlanHistoryEntryResponse['actor']): PlanHistoryEntryResponse {
  return { at: row.at.toISOString(), actor, ...planChangeOf(row.before, row.after ?? {}) };
}
