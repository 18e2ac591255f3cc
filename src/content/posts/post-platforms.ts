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
  /** Media of one post. */
  readonly media: number;
}

/** What each takes, as the networks document it for posts without an add-on. */
export const PLATFORM_LIMITS: Readonly<Record<PostPlatform, PlatformLimits>> = {
  feed: { caption: 10_000, hashtags: null, media: 35 },
  instagram: { caption: 2_200, hashtags: 30, media: 10 },
  facebook: { caption: 10_000, hashtags: null, media: 10 },
  twitter: { caption: 280, hashtags: null, media: 4 },
  linkedin: { caption: 3_000, hashtags: null, media: 20 },
  tiktok: { caption: 2_200, hashtags: null, media: 35 },
  youtube: { caption: 5_000, hashtags: 60, media: 1 },
  pinterest: { caption: 500, hashtags: null, media: 5 },
};

/** As many as any platform takes. */
export const MOST_MEDIA = Math.max(...Object.values(PLATFORM_LIMITS).map(({ media }) => media));

/** Why a platform would not take so many media; undefined where it does. */
export function mediaFault(platform: PostPlatform, count: number): string | undefined {
  const { media } = PLATFORM_LIMITS[platform];
  return count > media ? `has ${count} media; ${platform} takes ${media} at most` : undefined;
}

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
