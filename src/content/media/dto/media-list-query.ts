import { EnumField, IntegerChoiceField } from '../../../platform/http/input/index.js';
import { ListQuery } from '../../../platform/http/lists/index.js';
import { SearchField } from '../../../platform/records/index.js';
import {
  MEDIA_KINDS,
  MEDIA_TYPES,
  type MediaKind,
  type MediaType,
  THUMBNAIL_SIZES,
  type ThumbnailSize,
} from '../media-types.js';

/** Properties of the entity that the list can be ordered by. */
export const MEDIA_ORDERS = ['createdAt', 'updatedAt', 'name', 'bytes'] as const;

export class MediaListQuery extends ListQuery {
  @SearchField() q?: string;

  @EnumField({ values: MEDIA_TYPES, optional: true, description: 'Only media of this type.' })
  type?: MediaType;

  @EnumField({
    values: MEDIA_KINDS,
    optional: true,
    description: 'Only media of these types: images, videos, or documents (PDF).',
  })
  kind?: MediaKind;

  @EnumField({ values: MEDIA_ORDERS, default: 'createdAt', description: 'What the list is ordered by.' })
  sortBy!: (typeof MEDIA_ORDERS)[number];
}

/** How large a thumbnail is to be. */
export class ThumbnailQuery {
  @IntegerChoiceField({
    values: THUMBNAIL_SIZES,
    default: 320,
    description: 'What its width and height fit into, in pixels. Images that are smaller stay as they are.',
  })
  size!: ThumbnailSize;
}
