import { type IdKind, toPublicId } from '../../platform/ids/index.js';

/** What figures can be told apart by, each with the column of an event that says it. */
export const DIMENSIONS = {
  campaign: 'campaign_id',
  audience: 'audience_id',
  post: 'post_id',
  channel: 'channel',
  source: 'source',
  page: 'page',
  product: 'product',
} as const;
export type Dimension = keyof typeof DIMENSIONS;
export const DIMENSION_NAMES = Object.keys(DIMENSIONS) as Dimension[];

/** The dimension that every event is in, with one value for all of them. */
export const ALL = 'all';

/** Dimensions whose values are things with an id. */
const IDS: Partial<Record<Dimension | typeof ALL, IdKind>> = {
  campaign: 'campaign',
  audience: 'audience',
  post: 'post',
};

/** A value of a dimension as the API has it. */
export function publicValue(dimension: Dimension | typeof ALL, value: string): string {
  const kind = IDS[dimension];
  return kind === undefined ? value : toPublicId(kind, value);
}

/** An event's value in a dimension, as SQL: null where it is not in it. @param row alias of the table */
export function valueOf(dimension: Dimension | typeof ALL, row: string): string {
  return dimension === ALL ? `''` : `${row}.${DIMENSIONS[dimension]}::text`;
}
