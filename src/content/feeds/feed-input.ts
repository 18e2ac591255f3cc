import { EnumField, TextField } from '../../platform/http/input/index.js';
import { FEED_FORMATS, type FeedFormat } from './feed.js';

/** What a job is given that takes a feed. */
export class FeedInput {
  @EnumField({ values: FEED_FORMATS, description: 'How the feed is written.' })
  format!: FeedFormat;

  @TextField({
    max: 8_000_000,
    multiline: true,
    description: 'The feed: CSV whose first line has the names of the columns, or a JSON list of objects.',
    example: 'sku,name,price\nMUG-BLUE-300,"Blue mug, 300 ml",12.90 EUR\n',
  })
  content!: string;
}
