import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import type { LeakReportResponse, ListLeaksQuery } from './dto.js';
import { LeakReport } from './leak-report.entity.js';

/** Reads the reports of exposed tokens. */
@Injectable()
export class LeakReports {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
  ) {}

  /** A page of the reports of a store (its UUID), or of all stores. @throws InvalidInput */
  list(query: ListLeaksQuery, storeId?: string): Promise<Page<LeakReportResponse>> {
    const builder = this.database.manager.createQueryBuilder(LeakReport, 'report');
    if (storeId !== undefined) builder.where('report.store_id = :storeId', { storeId });
    return this.lists.page(query, { name: `leaks/${storeId ?? 'all'}`, builder, present });
  }
}

function present(report: LeakReport): LeakReportResponse {
  return {
    id: toPublicId('leakReport', report.id),
    keyId: toPublicId('key', report.keyId),
    keyName: report.keyName,
    preview: report.preview,
    type: report.tokenType,
    url: report.url,
    source: report.source,
    action: report.action,
    createdAt: report.createdAt.toISOString(),
  };
}
