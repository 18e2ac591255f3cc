import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import type { RunListQuery } from './dto/run-view.js';
import { AnalyticsRun } from './run.entity.js';

/** Of what the runs are that somebody asks for. */
export type RunsOf = { readonly reportId: string } | { readonly exportId: string };

/** What was run, and what came of it; of one store at a time. */
@Injectable()
export class RunHistory {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
  ) {}

  /** @throws InvalidInput for a cursor that is not this list's */
  page<V>(
    { storeId }: StoreScope,
    of: RunsOf,
    query: RunListQuery,
    present: (run: AnalyticsRun) => V,
  ): Promise<Page<V>> {
    const builder = this.database.manager.createQueryBuilder(AnalyticsRun, 'run').where({ storeId, ...of });
    if (query.status) builder.andWhere('run.status = :status', { status: query.status });
    return this.lists.page(query, { name: `runs/${Object.values(of).join('/')}`, builder, present });
  }

  /** @throws NotFound */
  async find({ storeId }: StoreScope, of: RunsOf, id: string): Promise<AnalyticsRun> {
    const run = await this.database.manager.findOneBy(AnalyticsRun, { id, storeId, ...of });
    if (!run) throw new NotFound();
    return run;
  }
}
