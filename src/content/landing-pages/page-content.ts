import { type FieldError, InvalidInput } from '../../platform/errors/index.js';

export const BLOCK_TYPES = ['heading', 'text', 'image', 'button', 'products'] as const;
export type BlockType = (typeof BLOCK_TYPES)[number];

/** A part of a page. Which fields it has, its type says. */
export interface Block {
  readonly type: BlockType;
  /** Of a heading, a text or a button. */
  readonly text?: string;
  /** Of an image or a button. */
  readonly url?: string;
  /** Of an image. */
  readonly alt?: string;
  /** Of products: which. */
  readonly skus?: readonly string[];
}

/** What a page says. */
export interface PageContent {
  readonly title: string;
  readonly description: string;
  readonly blocks: readonly Block[];
}

type BlockField = Exclude<keyof Block, 'type'>;

/** What a block of each type has, all of it. */
const FIELDS: Readonly<Record<BlockType, readonly BlockField[]>> = {
  heading: ['text'],
  text: ['text'],
  image: ['url', 'alt'],
  button: ['text', 'url'],
  products: ['skus'],
};
const ALL: readonly BlockField[] = ['text', 'url', 'alt', 'skus'];

/** @throws InvalidInput for a block that lacks what its type needs, or has what it does not know */
export function assertBlocks(blocks: readonly Block[]): void {
  const faults = blocks.flatMap((block, index) => {
    const needed = FIELDS[block.type];
    return ALL.flatMap((field): FieldError[] => {
      const given = block[field] !== undefined;
      if (needed.includes(field) === given) return [];
      const reason = given
        ? `is nothing to a block of ${block.type}`
        : `is required for a block of ${block.type}`;
      return [{ field: `blocks[${index}].${field}`, reason }];
    });
  });
  const [first, ...others] = faults;
  if (first) throw new InvalidInput([first, ...others]);
}
