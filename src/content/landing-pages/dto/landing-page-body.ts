import {
  EnumField,
  FlagField,
  IdField,
  IntegerField,
  ObjectListField,
  partialOf,
  TextField,
  TextListField,
} from '../../../platform/http/input/index.js';
import { WEB_ADDRESS } from '../../web-address.js';
import { type Block, BLOCK_TYPES, type BlockType } from '../page-content.js';

const LABEL = { max: 100, optional: true } as const;

/** A part of a page. */
export class BlockBody implements Block {
  @EnumField({
    values: BLOCK_TYPES,
    description:
      '`heading` and `text` have a `text`, `image` a `url` and an `alt` or a `mediaId`, `button` a `text` and a `url`, `products` ' +
      '`skus`: those of them that are on sale are shown with their prices. `consent` asks by `text`, `accept` and `decline` ' +
      'whether a visitor may be known again: of a page with `analytics`, and of those alone who can be asked.',
    example: 'heading',
  })
  type!: BlockType;

  @TextField({
    max: 10_000,
    multiline: true,
    optional: true,
    description: 'Plain text: a blank line begins a new paragraph, and no mark means anything.',
    example: 'Everything that grows',
  })
  text?: string;

  @TextField({
    ...WEB_ADDRESS,
    pattern: /^https:\/\/[^\s/?#@\\]+([/?#][^\s\\]*)?$/,
    patternReason: 'must be an https address, without a user name',
    optional: true,
    description: 'Where the button leads, or where the image is.',
    example: 'https://shop.example.com/spring.jpg',
  })
  url?: string;

  @IdField('media', {
    optional: true,
    description: 'The image, as one of the store’s media.',
    example: 'med_01k0b3w2f7e1rt5m8v9xq4zj6d',
  })
  mediaId?: string;

  @TextField({
    min: 0,
    max: 500,
    optional: true,
    description:
      'What the image shows, for those who do not see it; empty for one that only decorates. Without it, one of the ' +
      'store’s media is described as it is there.',
    example: 'Tulips in a row',
  })
  alt?: string;

  @TextListField({
    minItems: 1,
    maxItems: 24,
    unique: true,
    item: { max: 100 },
    optional: true,
    description: 'Products of the store.',
    example: ['MUG-BLUE-300'],
  })
  skus?: string[];

  @TextField({ ...LABEL, description: 'What is written on the button that consents.', example: 'Yes' })
  accept?: string;

  @TextField({ ...LABEL, description: 'And on the one that does not, or not any more.', example: 'No' })
  decline?: string;
}

/** A whole page, as POST and PUT take it. */
export class LandingPageBody {
  @TextField({
    max: 80,
    pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/,
    patternReason: 'must be of small letters, digits and single dashes between them',
    description: 'Its address is `/p/<slug>`; once only in the installation.',
    example: 'spring-sale',
  })
  slug!: string;

  @TextField({
    max: 200,
    description: 'The title, above it all and in search results.',
    example: 'Spring sale',
  })
  title!: string;

  @TextField({
    min: 0,
    max: 500,
    default: '',
    description: 'What search results say of it.',
    example: 'Twenty percent off everything that grows.',
  })
  description!: string;

  @ObjectListField(() => BlockBody, { maxItems: 100, description: 'Its parts, from top to bottom.' })
  blocks!: BlockBody[];

  @FlagField({
    default: false,
    description:
      'Whether visits of the page, and clicks on its links, become analytics events: by a script, the only one it has.',
    example: true,
  })
  analytics!: boolean;
}

/** Which version. */
export class RestoreBody {
  @IntegerField({ min: 1, max: 2_147_483_647, description: 'The number of a version.', example: 2 })
  version!: number;
}

/** What PATCH takes: any of the fields. */
export class LandingPagePatch extends partialOf(LandingPageBody) {}
