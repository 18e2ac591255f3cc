import { fileTypeFromBuffer } from 'file-type';
import { AppError } from '../../platform/errors/index.js';
import { MEDIA_TYPES, type MediaType } from './media-types.js';

/** How much of a file's beginning its type is read from: no more of a stranger's bytes is parsed for it. */
export const HEAD_BYTES = 4_100;

/**
 * What a file is, by its first bytes alone: names and declarations are whatever their sender likes.
 * @throws UNSUPPORTED_MEDIA
 */
export async function sniffType(head: Uint8Array): Promise<MediaType> {
  const found = (await fileTypeFromBuffer(head))?.mime;
  // An animated PNG is one: who cannot play it shows its first frame.
  const type = found === 'image/apng' ? 'image/png' : found;
  const known = MEDIA_TYPES.find((each) => each === type);
  if (known) return known;
  throw new AppError(
    'UNSUPPORTED_MEDIA',
    `The file is ${type === undefined ? 'of no type that is known' : `of the type ${type}`}: it must be one of ${MEDIA_TYPES.join(', ')}.`,
    { details: { field: 'file', type: type ?? null, allowed: MEDIA_TYPES } },
  );
}
