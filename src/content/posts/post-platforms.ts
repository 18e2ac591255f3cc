/** Where posts can go: networks, and `feed`, the store's own JSON Feed and RSS. */
export const POST_PLATFORMS = [
  'feed',
  'instagram',
  'facebook',
  'twitter',
  'linkedin',
  'tiktok',
  'youtube',
  'pinterest',
] as const;
export type PostPlatform = (typeof POST_PLATFORMS)[number];

export interface PlatformLimits {
  /** Characters of a caption, counted as Unicode code points. */
  readonly caption: number;
  /** Words that begin with `#`; null: any number. */
  readonly hashtags: number | null;
}

/** What each takes, as the networks document it for posts without an add-on. */
export const PLATFORM_LIMITS: Readonly<Record<PostPlatform, PlatformLimits>> = {
  feed: { caption: 10_000, hashtags: null },
  instagram: { caption: 2_200, hashtags: 30 },
  facebook: { caption: 10_000, hashtags: null },
  twitter: { caption: 280, hashtags: null },
  linkedin: { caption: 3_000, hashtags: null },
  tiktok: { caption: 2_200, hashtags: null },
  youtube: { caption: 5_000, hashtags: 60 },
  pinterest: { caption: 500, hashtags: null },
};

/** Why a platform would not take a caption; undefined where it does. */
export function captionFault(platform: PostPlatform, caption: string): string | undefined {
  const limits = PLATFORM_LIMITS[platform];
  const length = [...caption].length;
  if (length > limits.caption) {
    return `has ${length} characters; ${platform} takes ${limits.caption} at most`;
  }
  const hashtags = caption.match(/(?<![\p{L}\p{N}_])#[\p{L}\p{N}_]+/gu)?.length ?? 0;
  if (limits.hashtags !== null && hashtags > limits.hashtags) {
    return `has ${hashtags} hashtags; ${platform} takes ${limits.hashtags} at most`;
  }
  return undefined;
}
