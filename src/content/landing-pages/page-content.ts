import { type FieldError, InvalidInput } from '../../platform/errors/index.js';
import type { NamedMedium } from '../media/media-uses.js';

export const BLOCK_TYPES = ['heading', 'text', 'image', 'button', 'products', 'consent'] as const;
export type BlockType = (typeof BLOCK_TYPES)[number];

/** A part of a page. Which fields it has, its type says. */
export interface Block {
  readonly type: BlockType;
  /** Of a heading, a text, a button, or what asks for consent. */
  readonly text?: string;
  /** Of a button, or an image that is elsewhere. */
  readonly url?: string;
  /** Of an image that is one of the store's media: UUID. */
  readonly mediaId?: string;
  /** Of an image; one of the store's media has an own, which this goes before. */
  readonly alt?: string;
  /** Of products: which. */
  readonly skus?: readonly string[];
  /** Of what asks for consent: what is written on its buttons. */
  readonly accept?: string;
  readonly decline?: string;
}

/** What a page says. */
export interface PageContent {
  readonly title: string;
  readonly description: string;
  readonly blocks: readonly Block[];
}

type BlockField = Exclude<keyof Block, 'type'>;

/** What a block of each type has, all of it. An image that is one of the store's media has other fields. */
const FIELDS: Readonly<Record<BlockType, readonly BlockField[]>> = {
  heading: ['text'],
  text: ['text'],
  image: ['url', 'alt'],
  button: ['text', 'url'],
  products: ['skus'],
  consent: ['text', 'accept', 'decline'],
};
const OF_MEDIUM: readonly BlockField[] = ['mediaId', 'alt'];
const ALL: readonly BlockField[] = ['text', 'url', 'mediaId', 'alt', 'skus', 'accept', 'decline'];

/** @throws InvalidInput for a block that lacks what its type needs, or has what it does not know */
export function assertBlocks(blocks: readonly Block[]): void {
  const faults = blocks.flatMap((block, index) => {
    const isMedium = block.type === 'image' && block.mediaId !== undefined;
    const known = isMedium ? OF_MEDIUM : FIELDS[block.type];
    return ALL.flatMap((field): FieldError[] => {
      const given = block[field] !== undefined;
      if (known.includes(field) === given) return [];
      if (isMedium && field === 'alt') return [];
      const reason = given
        ? `is nothing to a block of ${block.type}${isMedium ? ' with a mediaId' : ''}`
        : `is required for a block of ${block.type}`;
      return [{ field: `blocks[${index}].${field}`, reason }];
    });
  });
  const [first, ...others] = faults;
  if (first) throw new InvalidInput([first, ...others]);
}

/** The media that blocks name, each where it is named. */
export function mediaIn(blocks: readonly Block[]): NamedMedium[] {
  return blocks.flatMap(({ mediaId }, index) =>
    mediaId === undefined ? [] : [{ field: `blocks[${index}].mediaId`, id: mediaId }],
  );
}
