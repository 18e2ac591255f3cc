import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { defineClock, Jobs, type JobTask, setAlarm } from '../../platform/jobs/index.js';
import { type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { Campaign } from '../campaigns/campaign.entity.js';
import { MediaUses, type NamedMedium } from '../media/media-uses.js';
import { type PostView, viewOf } from './dto/post-view.js';
import { assertFitting, eventsOf, onItsWay, settled } from './post-life.js';
import { Post, type Publication } from './post.entity.js';

/** Enqueues what a post that is on its way still needs. */
type Publish = (tx: Transaction, store: StoreScope, post: Post) => Promise<void>;

/** The posts of every store, and the clock that publishes them. */
@Injectable()
export class PostRecords implements OnModuleInit {
  readonly all: StoreCollection<Post, PostView>;
  readonly clock: JobTask;
  private publish: Publish | undefined;

  constructor(
    records: StoreRecords,
    database: Database,
    private readonly jobs: Jobs,
    private readonly media: MediaUses,
  ) {
    this.all = records.of<Post, PostView>({
      entity: Post,
      name: 'post',
      plural: 'posts',
      view: viewOf,
      check: assertFitting,
      events: eventsOf,
      saved: async (tx, { status, scheduledFor }, before) => {
        if (status !== 'SCHEDULED' || !scheduledFor) return;
        if (before?.status === status && before.scheduledFor?.getTime() === scheduledFor.getTime()) return;
        await setAlarm(tx, jobs, this.clock, scheduledFor);
      },
    });
    this.clock = defineClock(database, {
      name: 'posts.keep-time',
      due: DUE,
      turn: async (tx, row) => {
        const post = await this.all.locked(tx, row, row.id);
        if (post.status === 'SCHEDULED' && post.scheduledFor && post.scheduledFor <= row.now) {
          await this.send(tx, row, post);
        }
      },
    });
  }

  onModuleInit(): void {
    this.jobs.register(this.clock);
  }

  /** Who brings posts to their platforms. */
  publishWith(publish: Publish): void {
    this.publish = publish;
  }

  /** Sets a locked post on its way. @throws Conflict where it is on it, or out */
  async send(
    tx: Transaction,
    store: StoreScope,
    post: Post,
    from: readonly Post['status'][] = ['DRAFT', 'SCHEDULED', 'FAILED'],
  ): Promise<Post> {
    const sent = await this.all.save(tx, store, post, onItsWay(post, from));
    await this.publish?.(tx, store, sent);
    return sent;
  }

  /** Records what came of a locked post on one platform. */
  async settle(tx: Transaction, store: StoreScope, post: Post, publication: Publication): Promise<Post> {
    return this.all.save(tx, store, post, settled(post, publication, new Date()));
  }

  /** @throws InvalidInput for a campaign that is not the store's */
  async assertCampaign(
    tx: Transaction,
    store: StoreScope,
    campaignId: string | null | undefined,
  ): Promise<void> {
    if (campaignId == null) return;
    if (await tx.existsBy(Campaign, { id: campaignId, storeId: store.storeId })) return;
    throw new InvalidInput([{ field: 'campaignId', reason: 'is no campaign of this store' }]);
  }

  /** Has a post begin to use the media that a body names. @throws InvalidInput for what is no medium of the store */
  useMedia(
    tx: Transaction,
    store: StoreScope,
    body: Partial<Pick<Post, 'mediaIds' | 'variants'>>,
  ): Promise<void> {
    return this.media.begin(tx, store, namedIn(body));
  }
}

/** The media that a body names, each where it names it. */
function namedIn({
  mediaIds = [],
  variants = [],
}: Partial<Pick<Post, 'mediaIds' | 'variants'>>): NamedMedium[] {
  const inList = (list: string, ids: readonly string[]) =>
    ids.map((id, index) => ({ field: `${list}[${index}]`, id }));
  return [
    ...inList('mediaIds', mediaIds),
    ...variants.flatMap(({ mediaIds: own = [] }, index) => inList(`variants[${index}].mediaIds`, own)),
  ];
}

const DUE = `
SELECT p.id, p.store_id AS "storeId", s.organization_id AS "organizationId", now() AS now
FROM posts p
JOIN stores s ON s.id = p.store_id
JOIN organizations o ON o.id = s.organization_id AND o.status = 'active'
WHERE p.status = 'SCHEDULED' AND p.scheduled_for <= now()
ORDER BY p.scheduled_for
LIMIT 100
`;
