import { Inject, Injectable } from '@nestjs/common';
import type { Express, Request, Response } from 'express';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { Database } from '../../../platform/database/index.js';
import { answerPublicly } from '../../../platform/http/index.js';
import { fromPublicId, toPublicId } from '../../../platform/ids/index.js';
import { LOGGER, type Logger } from '../../../platform/logging/index.js';
import { ShownMediaQueries } from '../../media/shown-media.js';
import { captionFor, mediaFor } from '../post-life.js';
import { Post } from '../post.entity.js';
import { publishedMedia } from '../publishing/published-media.js';
import { renderJsonFeed, renderRss, type StoreFeed } from './render-feed.js';

const MOST_ITEMS = 50;

const FORMS = {
  'feed.json': { type: 'application/feed+json', render: renderJsonFeed },
  'feed.rss': { type: 'application/rss+xml', render: renderRss },
} as const;

/** The feeds of stores, for everybody: no API requests, with no gate and no row in the log. */
@Injectable()
export class PublicFeeds {
  constructor(
    private readonly database: Database,
    private readonly media: ShownMediaQueries,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Mounts `/feeds/<store>/feed.json` and `feed.rss`. To be called before the edge is mounted. */
  mount(app: Express): void {
    for (const form of ['feed.json', 'feed.rss'] as const) {
      app.get(`/feeds/:store/${form}`, (request, response) => void this.answer(request, response, form));
    }
  }

  private async answer(request: Request, response: Response, form: keyof typeof FORMS): Promise<void> {
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Access-Control-Allow-Origin': '*' });
    try {
      const storeId = fromPublicId('store', request.params['store']);
      const feed =
        storeId === undefined ? undefined : await this.feedOf(storeId, originOf(request, this.config));
      if (!feed) {
        response.status(404).type('text').end('There is no such feed.\n');
        return;
      }
      const { type, render } = FORMS[form];
      answerPublicly(request, response, type, render(feed));
    } catch (error) {
      this.logger.warn({ err: error }, 'a feed could not be shown');
      response.status(503).set('Retry-After', '5').type('text').end('The feed cannot be shown now.\n');
    }
  }

  private async feedOf(storeId: string, origin: string): Promise<StoreFeed | undefined> {
    const [store] = await this.database.query<{ name: string }>(
      `SELECT s.name FROM stores s JOIN organizations o ON o.id = s.organization_id AND o.status = 'active'
       WHERE s.id = $1`,
      [storeId],
    );
    if (!store) return undefined;
    const posts = await this.database.manager
      .createQueryBuilder(Post, 'post')
      .where('post.storeId = :storeId AND post.publishedAt IS NOT NULL', { storeId })
      .andWhere(`post.publications @> '[{"platform": "feed", "status": "PUBLISHED"}]'`)
      .orderBy('post.publishedAt', 'DESC')
      .addOrderBy('post.id', 'DESC')
      .limit(MOST_ITEMS)
      .getMany();
    const media = await this.media.of(
      storeId,
      posts.flatMap((post) => mediaFor(post, 'feed')),
    );
    const base = `${origin}/feeds/${toPublicId('store', storeId)}`;
    return {
      title: store.name,
      jsonUrl: `${base}/feed.json`,
      rssUrl: `${base}/feed.rss`,
      items: posts.map((post) => ({
        id: toPublicId('post', post.id),
        title: post.title,
        text: captionFor(post, 'feed'),
        link: post.link,
        tags: post.tags,
        media: publishedMedia(mediaFor(post, 'feed'), media, origin),
        publishedAt: post.publishedAt ?? post.updatedAt,
      })),
    };
  }
}

function originOf(request: Request, { publicUrl }: Config): string {
  return publicUrl?.replace(/\/$/, '') ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`;
}
