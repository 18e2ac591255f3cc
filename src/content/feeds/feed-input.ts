import { EnumField, TextField } from '../../platform/http/input/index.js';
import { WEB_ADDRESS } from '../web-address.js';
import { FEED_FORMATS, type FeedFormat } from './feed.js';

/** Characters of a feed; what is fetched has as many bytes at most. */
export const MOST_FEED_CHARACTERS = 8_000_000;

/** What a job is given that takes a feed: the feed itself, or where it is. */
export class FeedInput {
  @EnumField({ values: FEED_FORMATS, description: 'How the feed is written.' })
  format!: FeedFormat;

  @TextField({
    max: MOST_FEED_CHARACTERS,
    multiline: true,
    optional: true,
    description: 'The feed: CSV whose first line has the names of the columns, or a JSON list of objects.',
    example: 'sku,name,price\nMUG-BLUE-300,"Blue mug, 300 ml",12.90 EUR\n',
  })
  content?: string;

  @TextField({
    ...WEB_ADDRESS,
    optional: true,
    description:
      'Where the feed is, instead of `content`: a public https address, which is read once, when the job begins.',
    example: 'https://shop.example.com/products.csv',
  })
  url?: string;
}
