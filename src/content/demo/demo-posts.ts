import { newUuid } from '../../platform/ids/index.js';
import type { Post } from '../posts/post.entity.js';
import { PRODUCTS } from './demo-campaigns.js';
import type { Random } from '../random.js';

const DAY_MS = 86_400_000;
const POSTS = 40;
const WORDS = [
  'Back in stock',
  'New this week',
  'A closer look',
  'What our customers say',
  'Last days',
  'Behind the scenes',
] as const;

type NewPost = Omit<Post, 'version'>;

/** What a shop has said on its own feed for some weeks, what it is about to say, and drafts. */
export function demoPosts(storeId: string, random: Random, now: Date): NewPost[] {
  return Array.from({ length: POSTS }, (_, index): NewPost => {
    const product = random.pick(PRODUCTS);
    const at = new Date(now.getTime() + (index - POSTS * 0.7) * 2 * DAY_MS);
    const isOut = at < now;
    const isDraft = random.chance(0.2);
    const words = random.pick(WORDS);
    return {
      ...{ id: newUuid(), storeId, campaignId: null, title: words, link: null, variants: [], mediaIds: [] },
      caption: `${words}: our ${product}. Come and see, or order them from home.`,
      platforms: ['feed'],
      tags: random.chance(0.4) ? ['seasonal'] : [],
      status: isDraft ? 'DRAFT' : isOut ? 'PUBLISHED' : 'SCHEDULED',
      scheduledFor: isDraft ? null : at,
      publishedAt: isOut && !isDraft ? at : null,
      publications:
        isOut && !isDraft
          ? [
              {
                ...{ platform: 'feed', status: 'PUBLISHED', attempts: 1, error: null, url: null },
                publishedAt: at.toISOString(),
              },
            ]
          : [],
      createdAt: new Date(Math.min(at.getTime(), now.getTime()) - DAY_MS),
      updatedAt: isOut ? at : now,
    };
  });
}
