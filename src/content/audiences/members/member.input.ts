import {
  EnumField,
  IdField,
  NOT_BLANK,
  ObjectListField,
  ScalarMapField,
  TextField,
} from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { FeedInput } from '../../feeds/feed-input.js';
import { ATTRIBUTE_NAME } from '../dto/rules-body.js';
import type { Attributes } from './customer.entity.js';

/** A customer, as it is listed. */
export class MemberBody {
  @TextField({
    max: 200,
    ...NOT_BLANK,
    description: 'Your own id of the customer, once only in the store.',
    example: 'customer-1042',
  })
  reference!: string;

  @ScalarMapField({
    maxEntries: 50,
    name: ATTRIBUTE_NAME,
    default: {},
    description: 'What you know of them: added to what is known, in the place of what has the same name.',
    example: { city: 'Berlin', orders: 3, newsletter: true, likes: ['tea'] },
  })
  attributes!: Attributes;
}

/** Who is to be listed. */
export class MembersBody {
  @ObjectListField(() => MemberBody, {
    minItems: 1,
    maxItems: 1_000,
    description: 'The customers; those that are not known yet are made.',
  })
  members!: MemberBody[];
}

/** What the job `audiences.import` takes. */
export class MembersImportInput extends FeedInput {
  @IdField('audience', {
    description: 'The audience to list them in.',
    example: 'aud_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  audienceId!: string;
}

const ORDERS = ['createdAt', 'updatedAt', 'reference'] as const;

export class MemberListQuery extends ListQuery {
  @EnumField({ values: ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof ORDERS)[number];
}
