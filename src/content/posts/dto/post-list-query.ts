import { EnumField, IdField, TimestampField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { POST_PLATFORMS, type PostPlatform } from '../post-platforms.js';
import { POST_STATUSES, type PostStatus } from '../post.entity.js';

/** Properties of the entity that the list can be ordered by. */
export const POST_ORDERS = [
  'createdAt',
  'updatedAt',
  'scheduledFor',
  'publishedAt',
  'status',
  'title',
] as const;

export class PostListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: POST_STATUSES, optional: true, description: 'Only posts of this status.' })
  status?: PostStatus;

  @EnumField({ values: POST_PLATFORMS, optional: true, description: 'Only posts that go to this platform.' })
  platform?: PostPlatform;

  @IdField('campaign', { optional: true, description: 'Only posts of this campaign.' })
  campaignId?: string;

  @TimestampField({
    day: 'first',
    optional: true,
    description:
      'Only posts of this moment or later: the moment they are scheduled for; without one, that they were published; ' +
      'else that they were made. A day alone means its beginning, UTC.',
    example: '2026-03-01',
  })
  startDate?: Date;

  @TimestampField({
    day: 'last',
    optional: true,
    description: 'Only posts of this moment or earlier. A day alone means its end, UTC.',
    example: '2026-03-31',
  })
  endDate?: Date;

  @EnumField({
    values: POST_ORDERS,
    default: 'createdAt',
    description: 'What the list is ordered by. Posts without the time come last.',
  })
  sortBy!: (typeof POST_ORDERS)[number];
}
