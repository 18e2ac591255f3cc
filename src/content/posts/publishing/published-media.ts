import { mediaPath, type ShownMedia } from '../../media/shown-media.js';
import type { PublishedMedia } from './connector.js';

/**
 * Media as the world gets them.
 * @param ids UUIDs, in their order; what is gone is left out
 * @param origin begins their addresses
 */
export function publishedMedia(
  ids: readonly string[],
  media: ReadonlyMap<string, ShownMedia>,
  origin: string,
): PublishedMedia[] {
  return ids.flatMap((uuid) => {
    const shown = media.get(uuid);
    if (!shown) return [];
    const { id, type, alt, width, height, bytes } = shown;
    return [{ id, url: `${origin}${mediaPath(id)}`, type, alt, width, height, bytes }];
  });
}
