import type { StoreScope } from '../../../platform/http/index.js';
import type { MediaType } from '../../media/media-types.js';
import type { PostPlatform } from '../post-platforms.js';

/** A file that goes with a post. */
export interface PublishedMedia {
  /** Its public id. */
  readonly id: string;
  /** Where everybody can fetch it, from now on for as long as the post is out. */
  readonly url: string;
  readonly type: MediaType;
  /** What is seen in it; may be empty. */
  readonly alt: string;
  /** In pixels; null for what is no image. */
  readonly width: number | null;
  readonly height: number | null;
  readonly bytes: number;
}

/** What is to be published. */
export interface PublishOrder {
  readonly store: StoreScope;
  /** The same for every try of one post on one platform: whoever has published it already does not do so again. */
  readonly idempotencyKey: string;
  readonly platform: PostPlatform;
  /** The post's public id. */
  readonly postId: string;
  readonly title: string;
  readonly caption: string;
  readonly link: string | null;
  /** What goes with it on the platform, in this order. */
  readonly media: readonly PublishedMedia[];
  /** The process is about to stop. */
  readonly signal: AbortSignal;
}

/** The way to one platform, or to several. A feature registers its own with `Connectors`. */
export interface Connector {
  /** `any`: those that have no connector of their own. */
  readonly platforms: readonly (PostPlatform | 'any')[];
  /**
   * Publishes at least once.
   * @returns where it is seen, if that is known
   * @throws PublishRefused where trying again is of no use; anything else is tried again
   */
  publish(order: PublishOrder): Promise<{ readonly url: string | null }>;
}

/** A platform will not take the post, however often it is tried. The message is for whoever wrote it. */
export class PublishRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PublishRefused';
  }
}
