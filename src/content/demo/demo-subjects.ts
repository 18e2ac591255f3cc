import type { Transaction } from '../../platform/database/index.js';
import type { Platform } from '../campaigns/campaign.entity.js';

/** What of a store's demonstration content something can have happened with; in an order that a seed decides. */
export interface DemoSubjects {
  readonly campaigns: readonly DemoCampaign[];
  readonly products: readonly { readonly sku: string; readonly priceMinor: number }[];
  readonly posts: readonly { readonly id: string; readonly publishedAt: Date }[];
  /** UUIDs. */
  readonly audiences: readonly string[];
  /** Addresses of published pages. */
  readonly pages: readonly string[];
}

/** A campaign that ran, or is under way. */
export interface DemoCampaign {
  readonly id: string;
  readonly platform: Platform;
  readonly startDate: Date;
  /** Null: endless. */
  readonly endDate: Date | null;
}

/** Reads them. @param storeId UUID */
export async function readDemoSubjects(tx: Transaction, storeId: string): Promise<DemoSubjects> {
  const [subjects] = await tx.query<DemoRow[]>(READ, [storeId]);
  const { campaigns = [], products = [], posts = [], audiences = [], pages = [] } = subjects ?? {};
  return {
    campaigns: campaigns.map((campaign) => ({
      ...campaign,
      startDate: new Date(campaign.startDate),
      endDate: campaign.endDate === null ? null : new Date(campaign.endDate),
    })),
    posts: posts.map(({ id, publishedAt }) => ({ id, publishedAt: new Date(publishedAt) })),
    ...{ products, audiences, pages },
  };
}

/** As JSON has them: moments are texts. */
interface DemoRow extends Pick<DemoSubjects, 'products' | 'audiences' | 'pages'> {
  readonly campaigns: readonly (Pick<DemoCampaign, 'id' | 'platform'> & {
    readonly startDate: string;
    readonly endDate: string | null;
  })[];
  readonly posts: readonly { readonly id: string; readonly publishedAt: string }[];
}

// Never by an id: those are other ones each time.
const READ = `
SELECT
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'platform', platform, 'startDate', start_date,
      'endDate', CASE WHEN status = 'PAUSED' THEN updated_at ELSE end_date END) ORDER BY start_date, name, created_at), '[]')
    FROM campaigns WHERE store_id = $1 AND start_date IS NOT NULL AND status NOT IN ('DRAFT', 'SCHEDULED')) AS campaigns,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('sku', sku, 'priceMinor', price_minor) ORDER BY sku), '[]')
    FROM products WHERE store_id = $1 AND status = 'ACTIVE') AS products,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'publishedAt', published_at) ORDER BY published_at), '[]')
    FROM posts WHERE store_id = $1 AND status = 'PUBLISHED') AS posts,
  (SELECT coalesce(jsonb_agg(id ORDER BY name), '[]') FROM audiences WHERE store_id = $1) AS audiences,
  (SELECT coalesce(jsonb_agg('/p/' || slug ORDER BY slug), '[]')
    FROM landing_pages WHERE store_id = $1 AND status = 'PUBLISHED') AS pages
`;
