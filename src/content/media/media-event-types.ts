import { z } from 'zod';
import { type EventType, eventType, idIn, timeIn } from '../../platform/events/index.js';
import { MEDIA_STATUSES } from './media.entity.js';
import { MEDIA_TYPES } from './media-types.js';

const MEDIA = {
  id: idIn('media'),
  storeId: idIn('store'),
  name: z.string(),
  alt: z.string(),
  type: z.enum(MEDIA_TYPES),
  bytes: z.int(),
  sha256: z.string(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  frames: z.int().nullable(),
  status: z.enum(MEDIA_STATUSES),
  createdAt: timeIn(),
  updatedAt: timeIn(),
};

export const MEDIA_EVENT_TYPES: readonly EventType[] = [
  eventType('media.created', 'A file was uploaded.', MEDIA),
  eventType('media.updated', 'A file was renamed, or described anew; the data are as it is now.', MEDIA),
  eventType('media.deleted', 'A file was deleted; the data are what it was.', MEDIA),
];
