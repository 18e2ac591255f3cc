import { z } from 'zod';
import { type EventType, eventType, idIn, timeIn } from '../../platform/events/index.js';
import { POST_PLATFORMS } from './post-platforms.js';
import { POST_STATUSES, PUBLICATION_STATUSES } from './post.entity.js';

const POST = {
  id: idIn('post'),
  storeId: idIn('store'),
  campaignId: idIn('campaign').nullable(),
  title: z.string(),
  caption: z.string(),
  link: z.string().nullable(),
  platforms: z.array(z.enum(POST_PLATFORMS)),
  variants: z.array(
    z.strictObject({
      platform: z.enum(POST_PLATFORMS),
      caption: z.string(),
      mediaIds: z.array(idIn('media')).optional(),
    }),
  ),
  tags: z.array(z.string()),
  mediaIds: z.array(idIn('media')),
  status: z.enum(POST_STATUSES),
  scheduledFor: timeIn().nullable(),
  publishedAt: timeIn().nullable(),
  publications: z.array(
    z.strictObject({
      platform: z.enum(POST_PLATFORMS),
      status: z.enum(PUBLICATION_STATUSES),
      attempts: z.int(),
      error: z.string().nullable(),
      url: z.string().nullable(),
      publishedAt: timeIn().nullable(),
    }),
  ),
  createdAt: timeIn(),
  updatedAt: timeIn(),
};

export const POST_EVENT_TYPES: readonly EventType[] = [
  eventType('post.created', 'A post was made.', POST),
  eventType(
    'post.updated',
    'A post was changed, or is on its way; the data are the post as it is now.',
    POST,
  ),
  eventType('post.deleted', 'A post was deleted; the data are what it was.', POST),
  eventType('post.published', 'A post is out, on all its platforms.', POST),
  eventType('post.failed', 'A platform did not take a post; `publications` says which, and why.', POST),
];
