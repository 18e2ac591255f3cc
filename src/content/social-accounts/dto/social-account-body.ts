import { EnumField, NOT_BLANK, TextField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import { POST_PLATFORMS, type PostPlatform } from '../../posts/post-platforms.js';
import { ACCOUNT_STATUSES, type AccountStatus } from '../social-account.entity.js';

/** Networks that an account can be of: the store's own feed needs none. */
export const NETWORKS = POST_PLATFORMS.filter((platform) => platform !== 'feed');

const NAME = { max: 200, ...NOT_BLANK, description: 'What people call it.', example: '@spring.shop' };
const URL = {
  max: 2_000,
  description: 'Where posts are sent to: an https address that publishes them on the network.',
  example: 'https://publisher.example.com/instagram',
};

/** An account to be connected. */
export class SocialAccountBody {
  @EnumField({ values: NETWORKS, description: 'The network.', example: 'instagram' })
  platform!: PostPlatform;

  @TextField(NAME) name!: string;
  @TextField(URL) url!: string;
}

/** What PATCH takes: any of the fields. */
export class SocialAccountPatch {
  @TextField({ ...NAME, optional: true }) name?: string;
  @TextField({ ...URL, optional: true }) url?: string;
}

const ORDERS = ['createdAt', 'updatedAt', 'name', 'platform', 'status'] as const;

export class SocialAccountListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: NETWORKS, optional: true, description: 'Only accounts of this network.' })
  platform?: PostPlatform;

  @EnumField({ values: ACCOUNT_STATUSES, optional: true, description: 'Only accounts of this status.' })
  status?: AccountStatus;

  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];
}
