import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { matching, type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { MediaUses } from '../media/media-uses.js';
import type { LandingPageBody, LandingPagePatch } from './dto/landing-page-body.js';
import type { LandingPageListQuery, PageVersionListQuery } from './dto/landing-page-list-query.js';
import {
  type LandingPageView,
  type PageVersionView,
  versionViewOf,
  viewOf,
} from './dto/landing-page-view.js';
import { LandingPage, LandingPageVersion } from './landing-page.entity.js';
import { assertBlocks, mediaIn } from './page-content.js';

/** The columns that the index `landing_pages_search` has. */
const SEARCHED = ['title', 'description'];

/** The landing pages of one store at a time. What is changed is seen by nobody until it is published. */
@Injectable()
export class LandingPagesService {
  private readonly pages: StoreCollection<LandingPage, LandingPageView>;

  constructor(
    records: StoreRecords,
    private readonly database: Database,
    private readonly lists: Lists,
    private readonly media: MediaUses,
  ) {
    this.pages = records.of<LandingPage, LandingPageView>({
      entity: LandingPage,
      name: 'landingPage',
      plural: 'landing-pages',
      unique: { landing_pages_slug: 'slug' },
      view: viewOf,
      check: ({ blocks }) => assertBlocks(blocks),
    });
  }

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: LandingPageListQuery): Promise<Page<LandingPageView>> {
    return this.pages.page(store, query, (builder, { q, status }) => {
      matching(builder, q, SEARCHED);
      if (status) builder.andWhere('landingPage.status = :status', { status });
    });
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<LandingPageView> {
    return this.pages.get(store, id);
  }

  /** @throws InvalidInput, Conflict for a slug that is taken; what BusinessTransactions throws for its Idempotency-Key */
  create(context: RequestContext, store: StoreScope, body: LandingPageBody): Promise<LandingPageView> {
    return this.pages.create(context, store, async (tx) => {
      await this.useMedia(tx, store, body);
      return { ...body, status: 'DRAFT', publishedVersion: null, publishedAt: null };
    });
  }

  /** Puts a whole page in the place of another. @throws NotFound, PreconditionFailed, InvalidInput, Conflict */
  replace(
    context: RequestContext,
    store: StoreScope,
    id: string,
    body: LandingPageBody,
  ): Promise<LandingPageView> {
    return this.update(context, store, id, body);
  }

  /** Changes the given fields. @throws NotFound, PreconditionFailed, InvalidInput, Conflict */
  update(
    context: RequestContext,
    store: StoreScope,
    id: string,
    patch: LandingPagePatch,
  ): Promise<LandingPageView> {
    return this.pages.change(context, store, id, async (_, tx) => {
      await this.useMedia(tx, store, patch);
      return { ...patch };
    });
  }

  /** With all its versions; nobody sees it any more. @throws NotFound, PreconditionFailed */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.pages.delete(context, store, id);
  }

  /** Makes a version of the page as it stands, for everybody to see. @throws NotFound, PreconditionFailed */
  publish(context: RequestContext, store: StoreScope, id: string): Promise<LandingPageView> {
    return this.pages.change(context, store, id, async ({ title, description, blocks, analytics }, tx) => {
      const last = await tx.maximum(LandingPageVersion, 'number', { pageId: id });
      const number = (last ?? 0) + 1;
      const publishedAt = new Date();
      await tx.insert(LandingPageVersion, {
        ...{ id: newUuid(), storeId: store.storeId, pageId: id, number, title, description },
        ...{ blocks, analytics, createdAt: publishedAt },
      });
      return { status: 'PUBLISHED', publishedVersion: number, publishedAt };
    });
  }

  /** Takes it from everybody's sight; doing so twice changes nothing. @throws NotFound, PreconditionFailed */
  unpublish(context: RequestContext, store: StoreScope, id: string): Promise<LandingPageView> {
    return this.pages.change(context, store, id, { status: 'DRAFT', publishedVersion: null });
  }

  /** @throws NotFound, InvalidInput for a cursor that is not this list's */
  async versions(store: StoreScope, id: string, query: PageVersionListQuery): Promise<Page<PageVersionView>> {
    await this.pages.find(store, id);
    const builder = this.database.manager
      .createQueryBuilder(LandingPageVersion, 'version')
      .where('version.pageId = :id', { id });
    return this.lists.page(query, { name: `landing-page-versions/${id}`, builder, present: versionViewOf });
  }

  /** Makes of the page what it was in a version; to be seen, it must be published anew. @throws NotFound, PreconditionFailed */
  restore(context: RequestContext, store: StoreScope, id: string, number: number): Promise<LandingPageView> {
    return this.pages.change(context, store, id, async (_, tx) => {
      const version = await tx.findOneBy(LandingPageVersion, { pageId: id, number });
      if (!version) throw new NotFound();
      const { title, description, blocks, analytics } = version;
      return { title, description, blocks, analytics };
    });
  }

  /** Has a page begin to use the images that a body names. @throws InvalidInput for what is no image of the store */
  private useMedia(tx: Transaction, store: StoreScope, { blocks = [] }: LandingPagePatch): Promise<void> {
    return this.media.begin(tx, store, mediaIn(blocks), 'image');
  }
}
