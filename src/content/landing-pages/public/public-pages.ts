import { Inject, Injectable } from '@nestjs/common';
import type { Express, Request, Response } from 'express';
import { Database } from '../../../platform/database/index.js';
import { answerPublicly } from '../../../platform/http/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import { LOGGER, type Logger } from '../../../platform/logging/index.js';
import { ShownMediaQueries } from '../../media/shown-media.js';
import { mediaIn, type PageContent } from '../page-content.js';
import {
  MEASURED_PAGE_POLICY,
  type Named,
  PAGE_POLICY,
  renderPage,
  type ShownProduct,
} from './render-page.js';

interface PublishedPage extends PageContent {
  readonly storeId: string;
  readonly analytics: boolean;
}

/** The pages that stores have published, for everybody: no API requests, with no gate and no row in the log. */
@Injectable()
export class PublicPages {
  constructor(
    private readonly database: Database,
    private readonly media: ShownMediaQueries,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Mounts `/p/<slug>` for GET and HEAD, and the icon that browsers ask for beside a page: there is none, which no
   * visitor should have in the request log. To be called before the edge is mounted.
   */
  mount(app: Express): void {
    app.get('/favicon.ico', (_, response) => {
      response.set('Cache-Control', 'public, max-age=86400').status(204).end();
    });
    app.all('/p/:slug', (request, response) => void this.answer(request, response));
  }

  private async answer(request: Request, response: Response): Promise<void> {
    response.set({
      'Content-Security-Policy': PAGE_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.set('Allow', 'GET, HEAD');
      refuse(request, response, 405, 'This can only be read.');
      return;
    }
    try {
      const page = await this.find(String(request.params['slug']));
      if (!page) {
        refuse(request, response, 404, 'There is no such page.');
        return;
      }
      const named = await this.namedIn(page);
      if (page.analytics) response.set('Content-Security-Policy', MEASURED_PAGE_POLICY);
      const measuredFor = page.analytics ? toPublicId('store', page.storeId) : undefined;
      answerPublicly(request, response, 'text/html', renderPage(page, named, measuredFor));
    } catch (error) {
      this.logger.warn({ err: error }, 'a landing page could not be shown');
      response.set('Retry-After', '5');
      refuse(request, response, 503, 'This page cannot be shown now.');
    }
  }

  private async find(slug: string): Promise<PublishedPage | undefined> {
    if (!/^[a-z0-9-]{1,80}$/.test(slug)) return undefined;
    const [page] = await this.database.query<PublishedPage>(FIND, [slug]);
    return page;
  }

  private async namedIn(page: PublishedPage): Promise<Named> {
    const ids = mediaIn(page.blocks).map(({ id }) => id);
    const [products, media] = await Promise.all([this.productsOf(page), this.media.of(page.storeId, ids)]);
    return { products, media };
  }

  private async productsOf({ storeId, blocks }: PublishedPage): Promise<Map<string, ShownProduct>> {
    const skus = blocks.flatMap(({ skus: named = [] }) => named);
    if (skus.length === 0) return new Map();
    const products = await this.database.query<ShownProduct>(PRODUCTS, [storeId, skus]);
    return new Map(products.map((product) => [product.sku, product]));
  }
}

const FIND = `
SELECT v.title, v.description, v.blocks, v.analytics, p.store_id AS "storeId"
FROM landing_pages p
JOIN landing_page_versions v ON v.page_id = p.id AND v.number = p.published_version
JOIN stores s ON s.id = p.store_id
JOIN organizations o ON o.id = s.organization_id AND o.status = 'active'
WHERE p.slug = $1
`;

const PRODUCTS = `
SELECT sku, name, price_minor::float8 AS "priceMinor", currency, url, image_url AS "imageUrl"
FROM products WHERE store_id = $1 AND sku = ANY($2) AND status = 'ACTIVE'
`;

function notice(text: string): string {
  return renderPage({ title: text, description: '', blocks: [] }, { products: new Map(), media: new Map() });
}

function refuse(request: Request, response: Response, status: number, text: string): void {
  response
    .status(status)
    .type('html')
    .end(request.method === 'HEAD' ? undefined : notice(text));
}
