import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { InvalidInput } from '../../platform/errors/index.js';
import { type MediaType, THUMBNAIL_SIZES, type ThumbnailSize } from './media-types.js';
import { WaitingLine } from './waiting-line.js';

const MOST_PIXELS = 50_000_000;
const MOST_PIXELS_A_SIDE = 10_000;
const MOST_SECONDS = 30;
const MOST_WAITING = 64;
/** Of `most` cores one is left to those who wait for answers. */
const AT_ONCE = Math.min(4, Math.max(1, availableParallelism() - 1));

/** What libvips may read: the formats that are kept, and none of the others that it knows. */
const READERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'];
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: READERS.map((format) => `VipsForeignLoad${format}File`) });
// What is drawn here is SVG at first. No file that comes from outside is read from a buffer.
sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
sharp.concurrency(1);
sharp.cache(false);

/** How libvips calls them. */
const FORMATS: Partial<Record<MediaType, string>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
};

/** What is to be known of an image. */
export interface ImageFacts {
  /** In pixels, as it is shown: turned the way its camera was held. */
  readonly width: number;
  readonly height: number;
  /** More than one where it moves. */
  readonly frames: number;
}

export interface ReadImage {
  readonly facts: ImageFacts;
  /** WebP, without whatever its camera wrote into it. */
  readonly thumbnails: ReadonlyMap<ThumbnailSize, Buffer>;
}

/** Reads images: their sizes first, from their beginnings, and their pixels only where those fit. */
@Injectable()
export class ImageReader {
  private readonly line = new WaitingLine(AT_ONCE, MOST_WAITING);

  /**
   * Decodes an image, the first frame of one that moves, and makes its thumbnails.
   * @throws InvalidInput for what is too large or cannot be decoded; MEDIA_BUSY
   */
  read(path: string, type: MediaType): Promise<ReadImage> {
    return this.line.run(async () => {
      const facts = factsOf(await reading(type, sharp(path, { limitInputPixels: false }).metadata()), type);
      return { facts, thumbnails: await reading(type, thumbnailsOf(path)) };
    });
  }
}

/** @throws InvalidInput */
function factsOf(metadata: Metadata, type: MediaType): ImageFacts {
  const { format, autoOrient, pages = 1 } = metadata;
  const { width, height } = autoOrient;
  if (format !== FORMATS[type]) throw unreadable(type);
  if (width > MOST_PIXELS_A_SIDE || height > MOST_PIXELS_A_SIDE || width * height > MOST_PIXELS) {
    throw new InvalidInput([
      {
        field: 'file',
        reason: `is ${width} by ${height} pixels: at most ${MOST_PIXELS_A_SIDE} a side are taken, and ${MOST_PIXELS / 1_000_000} million in all`,
      },
    ]);
  }
  return { width, height, frames: pages };
}

/** The image is decoded once, to the largest of them; the others are made from that. */
async function thumbnailsOf(path: string): Promise<Map<ThumbnailSize, Buffer>> {
  const options: SharpOptions = { limitInputPixels: MOST_PIXELS, failOn: 'warning' };
  const { data, info } = await fitting(
    sharp(path, options).timeout({ seconds: MOST_SECONDS }).autoOrient(),
    Math.max(...THUMBNAIL_SIZES),
  )
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const thumbnails = new Map<ThumbnailSize, Buffer>();
  for (const size of THUMBNAIL_SIZES) {
    const pixels = sharp(data, { raw: { width, height, channels } });
    thumbnails.set(size, await fitting(pixels, size).webp().toBuffer());
  }
  return thumbnails;
}

function fitting(image: Sharp, pixels: number): Sharp {
  return image.resize({ width: pixels, height: pixels, fit: 'inside', withoutEnlargement: true });
}

async function reading<T>(type: MediaType, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw unreadable(type, error);
  }
}

function unreadable(type: MediaType, cause?: unknown): InvalidInput {
  const late = cause instanceof Error && cause.message.includes('timeout');
  const reason = late
    ? 'takes too long to decode'
    : `cannot be decoded as ${type}: it is damaged, or not whole`;
  return new InvalidInput([{ field: 'file', reason }]);
}
