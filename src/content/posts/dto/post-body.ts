import {
  EnumField,
  EnumListField,
  IdField,
  IdListField,
  ObjectListField,
  partialOf,
  TextField,
  TextListField,
  TimestampField,
} from '../../../platform/http/input/index.js';
import { WEB_ADDRESS } from '../../web-address.js';
import { MOST_MEDIA, POST_PLATFORMS, type PostPlatform } from '../post-platforms.js';
import type { PostVariant } from '../post.entity.js';

const CAPTION = { max: 10_000, multiline: true } as const;

const MEDIA = { maxItems: MOST_MEDIA, unique: true, example: ['med_01k0b3w2f7e1rt5m8v9xq4zj6d'] };

/** Another caption for one platform, and other media where it has some. */
export class VariantBody implements PostVariant {
  @EnumField({ values: POST_PLATFORMS, description: 'One of the platforms.', example: 'twitter' })
  platform!: PostPlatform;

  @TextField({ ...CAPTION, description: 'What is said there instead.', example: '20 % off. Today.' })
  caption!: string;

  @IdListField('media', {
    ...MEDIA,
    optional: true,
    description: 'The media that go with it there instead; without them, those of the post.',
  })
  mediaIds?: string[];
}

/** What a caller may make of a post; what publishing makes of it is not theirs to set. */
const SETTABLE = ['DRAFT', 'SCHEDULED'] as const;

/** A whole post, as POST and PUT take it. */
export class PostBody {
  @TextField({
    ...CAPTION,
    description:
      'What it says. Each platform takes so many characters: twitter 280, pinterest 500, instagram and tiktok 2,200, ' +
      'linkedin 3,000, youtube 5,000, facebook and feed 10,000.',
    example: 'Twenty percent off everything that grows. Today only.',
  })
  caption!: string;

  @EnumListField({
    values: POST_PLATFORMS,
    minItems: 1,
    maxItems: POST_PLATFORMS.length,
    unique: true,
    description: 'Where it goes; `feed` is the store’s own JSON Feed and RSS, which need no account.',
    example: ['feed', 'twitter'],
  })
  platforms!: PostPlatform[];

  @TextField({
    min: 0,
    max: 200,
    default: '',
    description: 'A title, where a platform has one.',
    example: 'Spring',
  })
  title!: string;

  @TextField({
    ...WEB_ADDRESS,
    optional: true,
    nullable: true,
    description: 'Where it leads.',
    example: 'https://shop.example.com/spring',
  })
  link?: string | null;

  @ObjectListField(() => VariantBody, {
    maxItems: POST_PLATFORMS.length,
    default: [],
    description: 'Captions of their own for some of the platforms, and media of their own.',
  })
  variants!: VariantBody[];

  @IdListField('media', {
    ...MEDIA,
    default: [],
    description:
      'Media of the store that go with it, in this order. Each platform takes so many: youtube 1, twitter 4, ' +
      'pinterest 5, instagram and facebook 10, linkedin 20, tiktok and feed 35.',
  })
  mediaIds!: string[];

  @IdField('campaign', {
    optional: true,
    nullable: true,
    description: 'The campaign it belongs to.',
    example: 'cmp_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  campaignId?: string | null;

  @EnumField({
    values: SETTABLE,
    optional: true,
    description:
      'A new post is `DRAFT` unless this says `SCHEDULED`; one that there is stays what it is. A `SCHEDULED` post is ' +
      'published by itself at `scheduledFor`.',
    example: 'SCHEDULED',
  })
  status?: (typeof SETTABLE)[number];

  @TimestampField({
    optional: true,
    nullable: true,
    description: 'When it is to be published; a time that is over means at once.',
    example: '2026-03-01T09:00:00.000Z',
  })
  scheduledFor?: Date | null;

  @TextListField({
    maxItems: 20,
    unique: true,
    item: { max: 50 },
    default: [],
    description: 'Words to find it by.',
    example: ['spring'],
  })
  tags!: string[];
}

/** What PATCH takes: any of the fields; null clears those that can be empty. */
export class PostPatch extends partialOf(PostBody) {}
