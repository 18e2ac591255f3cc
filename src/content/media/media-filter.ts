import type { SelectQueryBuilder } from 'typeorm';
import type { MediaListQuery } from './dto/media-list-query.js';
import type { Media } from './media.entity.js';
import { kindOf, MEDIA_TYPES } from './media-types.js';

/**
 * As the index `media_search` has it: names of files also in their parts, or `spring` would not find
 * `spring-sale_2026.png`.
 */
const WORDS = `to_tsvector('simple', media.name || ' ' || translate(media.name, '._-', '   ') || ' ' || media.alt)`;

/** Leaves the media that fit the list's filters. */
export function fitting(builder: SelectQueryBuilder<Media>, { q, type, kind }: MediaListQuery): void {
  if (q !== undefined) builder.andWhere(`${WORDS} @@ websearch_to_tsquery('simple', :q)`, { q });
  if (type) builder.andWhere('media.type = :type', { type });
  if (kind) {
    const types = MEDIA_TYPES.filter((each) => kindOf(each) === kind);
    builder.andWhere('media.type IN (:...types)', { types });
  }
}
