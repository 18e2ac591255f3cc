import { Conflict, type FieldError, InvalidInput } from '../../platform/errors/index.js';
import { lifeOf } from '../../platform/records/index.js';
import { captionFault, mediaFault, type PostPlatform } from './post-platforms.js';
import type { Post, PostStatus, Publication } from './post.entity.js';

/** Whether its words can still be changed: nothing of it is out, nor on its way. */
export function isEditable({ status, publications }: Post): boolean {
  if (status === 'PUBLISHING' || status === 'PUBLISHED') return false;
  return !publications.some((publication) => publication.status === 'PUBLISHED');
}

/** What is said on a platform. */
export function captionFor({ caption, variants }: Post, platform: PostPlatform): string {
  return variants.find((variant) => variant.platform === platform)?.caption ?? caption;
}

/** What goes with it on a platform: UUIDs, in their order. */
export function mediaFor({ mediaIds, variants }: Post, platform: PostPlatform): readonly string[] {
  return variants.find((variant) => variant.platform === platform)?.mediaIds ?? mediaIds;
}

/** @throws InvalidInput for what a platform would not take, and for a schedule without a time */
export function assertFitting(post: Post): void {
  const faults: FieldError[] = [];
  if (post.status === 'SCHEDULED' && !post.scheduledFor) {
    faults.push({ field: 'scheduledFor', reason: 'is required for a post that is SCHEDULED' });
  }
  const seen = new Set<PostPlatform>();
  for (const [index, { platform }] of post.variants.entries()) {
    const field = `variants[${index}].platform`;
    if (seen.has(platform)) faults.push({ field, reason: 'has a variant already' });
    else if (!post.platforms.includes(platform)) faults.push({ field, reason: 'is none of the platforms' });
    seen.add(platform);
  }
  for (const platform of post.platforms) {
    const index = post.variants.findIndex((variant) => variant.platform === platform);
    const reason = captionFault(platform, captionFor(post, platform));
    if (reason !== undefined)
      faults.push({ field: index < 0 ? 'caption' : `variants[${index}].caption`, reason });
    const surplus = mediaFault(platform, mediaFor(post, platform).length);
    const isOwn = post.variants[index]?.mediaIds !== undefined;
    if (surplus !== undefined)
      faults.push({ field: isOwn ? `variants[${index}].mediaIds` : 'mediaIds', reason: surplus });
  }
  const [first, ...others] = faults;
  if (first) throw new InvalidInput([first, ...others]);
}

/** @throws Conflict for a post that is out, or on its way */
export function assertEditable(post: Post): void {
  if (isEditable(post)) return;
  throw new Conflict(
    `A post that is ${post.status} cannot be changed: something of it is out, or on its way.`,
    {
      status: post.status,
    },
  );
}

/**
 * The post on its way: every platform where it is not out yet is to be tried.
 * @param from what it may be; anything else is a conflict
 * @throws Conflict
 */
export function onItsWay(post: Post, from: readonly PostStatus[]): Pick<Post, 'status' | 'publications'> {
  if (!from.includes(post.status)) {
    throw new Conflict(`A post that is ${post.status} cannot be published.`, {
      status: post.status,
      allowed: from,
    });
  }
  const publications = post.platforms.map((platform): Publication => {
    const before = post.publications.find((publication) => publication.platform === platform);
    if (before?.status === 'PUBLISHED') return before;
    return { platform, status: 'PENDING', attempts: 0, error: null, url: null, publishedAt: null };
  });
  return { status: 'PUBLISHING', publications };
}

/** What a post is once a platform has said how it went. */
export function settled(
  post: Post,
  publication: Publication,
  now: Date,
): Pick<Post, 'status' | 'publications' | 'publishedAt'> {
  const publications = post.publications.map((each) =>
    each.platform === publication.platform ? publication : each,
  );
  const some = (status: Publication['status']) => publications.some((each) => each.status === status);
  const status = some('PENDING') ? 'PUBLISHING' : some('FAILED') ? 'FAILED' : 'PUBLISHED';
  const publishedAt = post.publishedAt ?? (some('PUBLISHED') ? now : null);
  return { status, publications, publishedAt };
}

/** What happened to a post, as types of events. */
export function eventsOf(before: Post | undefined, after: Post | undefined): readonly string[] {
  if (before && after && before.status !== after.status) {
    if (after.status === 'PUBLISHED') return ['post.published'];
    if (after.status === 'FAILED') return ['post.failed'];
  }
  return [lifeOf('post', before, after)];
}
