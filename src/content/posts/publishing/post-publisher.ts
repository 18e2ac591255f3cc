import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { type Actor, Database, type Transaction } from '../../../platform/database/index.js';
import { NotFound } from '../../../platform/errors/index.js';
import type { StoreScope } from '../../../platform/http/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import { defineJob, Jobs, type JobRun, type JobTask, MOST_FAILURES } from '../../../platform/jobs/index.js';
import { ShownMediaQueries } from '../../media/shown-media.js';
import { captionFor, mediaFor } from '../post-life.js';
import type { PostPlatform } from '../post-platforms.js';
import type { Post, Publication } from '../post.entity.js';
import { PostRecords } from '../post-records.js';
import { PublishRefused } from './connector.js';
import { Connectors } from './connectors.js';
import { publishedMedia } from './published-media.js';

const ACTOR: Actor = { type: 'system', id: 'posts.publish' };

interface PublishPayload extends StoreScope {
  /** UUID. */
  readonly postId: string;
  readonly platform: PostPlatform;
}

/** What a try came to. */
type Outcome = { readonly url: string | null } | { readonly error: string; readonly final: boolean };

/**
 * Brings posts to their platforms, each by a job of its own: one that fails holds up none of the others. At least
 * once: a process that dies between the platform's answer and our record tries again, under the same key.
 */
@Injectable()
export class PostPublisher implements OnModuleInit {
  private readonly task: JobTask<PublishPayload> = defineJob({
    name: 'posts.publish',
    lane: 'waiting',
    run: (payload, run) => this.run(payload, run),
  });

  constructor(
    private readonly jobs: Jobs,
    private readonly database: Database,
    private readonly posts: PostRecords,
    private readonly connectors: Connectors,
    private readonly media: ShownMediaQueries,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    posts.publishWith((tx, store, post) => this.enqueue(tx, store, post));
  }

  onModuleInit(): void {
    this.jobs.register(this.task);
  }

  private async enqueue(tx: Transaction, store: StoreScope, { id, publications }: Post): Promise<void> {
    const { storeId, organizationId } = store;
    for (const { platform, status } of publications) {
      if (status !== 'PENDING') continue;
      const payload = { storeId, organizationId, postId: id, platform };
      await this.jobs.enqueue(tx, this.task, payload, { key: `${id}/${platform}` });
    }
  }

  private async run({ postId, platform, ...store }: PublishPayload, run: JobRun): Promise<void> {
    const post = await this.posts.all.find(store, postId).catch(absent);
    if (!post || !isPending(post, platform)) return;
    const outcome = await this.tried(post, store, platform, run);
    const settled = await this.database.write({ actor: ACTOR }, async (tx) => {
      const current = await this.posts.all.locked(tx, store, postId).catch(absent);
      const pending = current && publicationOf(current, platform);
      // Deleted meanwhile, or another run of this job was faster.
      if (!current || pending?.status !== 'PENDING') return true;
      const publication = recorded(pending, outcome);
      await this.posts.settle(tx, store, current, publication);
      return publication.status !== 'PENDING';
    });
    // The queue's own pauses grow from try to try.
    if (!settled) throw new Error(`${platform} did not take the post yet.`);
  }

  /** Without an address of its own, only this machine finds the installation. */
  private get origin(): string {
    return this.config.publicUrl ?? `http://localhost:${this.config.port}`;
  }

  private async tried(
    post: Post,
    store: StoreScope,
    platform: PostPlatform,
    { signal, logger }: JobRun,
  ): Promise<Outcome> {
    const mediaIds = mediaFor(post, platform);
    const media = await this.media.of(store.storeId, mediaIds);
    try {
      return await this.connectors.find(platform).publish({
        ...{ store, platform, signal },
        idempotencyKey: `${toPublicId('post', post.id)}/${platform}`,
        postId: toPublicId('post', post.id),
        ...{ title: post.title, caption: captionFor(post, platform), link: post.link },
        media: publishedMedia(mediaIds, media, this.origin),
      });
    } catch (error) {
      // Stopped by us: no try of the platform's.
      if (signal.aborted) throw error;
      logger.warn({ err: error, postId: post.id, platform }, 'a post could not be published');
      if (error instanceof PublishRefused) return { error: error.message, final: true };
      return { error: `${platform} could not be reached.`, final: false };
    }
  }
}

function recorded(before: Publication, outcome: Outcome): Publication {
  const attempts = before.attempts + 1;
  if ('url' in outcome) {
    const publishedAt = new Date().toISOString();
    return { ...before, status: 'PUBLISHED', attempts, error: null, url: outcome.url, publishedAt };
  }
  const final = outcome.final || attempts >= MOST_FAILURES;
  return { ...before, status: final ? 'FAILED' : 'PENDING', attempts, error: outcome.error };
}

const publicationOf = ({ publications }: Post, platform: PostPlatform) =>
  publications.find((publication) => publication.platform === platform);

const isPending = (post: Post, platform: PostPlatform) => publicationOf(post, platform)?.status === 'PENDING';

function absent(error: unknown): undefined {
  if (!(error instanceof NotFound)) throw error;
}
