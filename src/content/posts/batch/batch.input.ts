import { FlagField, IdField, ItemListField } from '../../../platform/http/input/index.js';
import { PostBody } from '../dto/post-body.js';

export const MOST_ITEMS = 100;

/** A whole post with the id of the one whose place it takes. */
export class PostReplacement extends PostBody {
  @IdField('post', { description: 'Which post.', example: 'pst_01k0b3w2f7e1rt5m8v9xq4zj6d' })
  id!: string;
}

/** Posts to be made. */
export class CreatePostsBody {
  @ItemListField(() => PostBody, { minItems: 1, maxItems: MOST_ITEMS, description: 'The posts.' })
  items!: unknown[];
}

/** Posts to be replaced. */
export class ReplacePostsBody {
  @ItemListField(() => PostReplacement, { minItems: 1, maxItems: MOST_ITEMS, description: 'The posts.' })
  items!: unknown[];
}

export class BatchQuery {
  @FlagField({
    default: false,
    description:
      'All or nothing: where one item has a fault, nothing is written, and the answer is its error.',
  })
  atomic!: boolean;
}
