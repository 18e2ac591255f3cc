/** What is kept, with the ending that a file of it has. */
export const ENDINGS = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'application/pdf': 'pdf',
} as const;

export type MediaType = keyof typeof ENDINGS;
export const MEDIA_TYPES = Object.keys(ENDINGS) as MediaType[];

export const MEDIA_KINDS = ['image', 'video', 'document'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

export function kindOf(type: MediaType): MediaKind {
  if (type.startsWith('image/')) return 'image';
  return type.startsWith('video/') ? 'video' : 'document';
}

/** Widths and heights that thumbnails fit into, in pixels. */
export const THUMBNAIL_SIZES = [320, 1024] as const;
export type ThumbnailSize = (typeof THUMBNAIL_SIZES)[number];
