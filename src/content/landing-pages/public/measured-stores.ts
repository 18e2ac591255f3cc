import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';

/** Knows from which stores' pages analytics may hear. */
@Injectable()
export class MeasuredStores {
  constructor(private readonly database: Database) {}

  /**
   * Whether everybody sees a page of the store whose visits are told. Not of one whose organization is suspended.
   * @param storeId UUID
   */
  async has(storeId: string): Promise<boolean> {
    const rows = await this.database.query(MEASURED, [storeId]);
    return rows.length > 0;
  }
}

const MEASURED = `
SELECT 1
FROM stores s
JOIN organizations o ON o.id = s.organization_id AND o.status = 'active'
JOIN landing_pages p ON p.store_id = s.id
JOIN landing_page_versions v ON v.page_id = p.id AND v.number = p.published_version AND v.analytics
WHERE s.id = $1
LIMIT 1
`;
