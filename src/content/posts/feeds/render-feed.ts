import { kindOf } from '../../media/media-types.js';
import type { PublishedMedia } from '../publishing/connector.js';

/** A post as the feeds have it. */
export interface FeedItem {
  /** The post's public id. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly link: string | null;
  readonly tags: readonly string[];
  readonly media: readonly PublishedMedia[];
  readonly publishedAt: Date;
}

export interface StoreFeed {
  readonly title: string;
  /** Absolute addresses, as the reader asked for them. */
  readonly jsonUrl: string;
  readonly rssUrl: string;
  readonly items: readonly FeedItem[];
}

/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
export function renderJsonFeed({ title, jsonUrl, items }: StoreFeed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    feed_url: jsonUrl,
    items: items.map((item) => ({
      id: item.id,
      ...(item.title === '' ? {} : { title: item.title }),
      content_text: item.text,
      ...(item.link === null ? {} : { url: item.link }),
      ...mediaOf(item),
      date_published: item.publishedAt.toISOString(),
      ...(item.tags.length === 0 ? {} : { tags: item.tags }),
    })),
  });
}

function mediaOf({ media }: FeedItem): object {
  if (media.length === 0) return {};
  const image = media.find(isImage);
  return {
    ...(image ? { image: image.url } : {}),
    attachments: media.map(({ url, type, alt, bytes }) => ({
      url,
      mime_type: type,
      ...(alt === '' ? {} : { title: alt }),
      size_in_bytes: bytes,
    })),
  };
}

const isImage = ({ type }: PublishedMedia): boolean => kindOf(type) === 'image';

/**
 * RSS 2.0 (https://www.rssboard.org/rss-specification), with its own address as the specification's profile asks, and with all
 * media of an item in Media RSS (https://www.rssboard.org/media-rss): of enclosures, many readers take one only.
 */
export function renderRss({ title, rssUrl, items }: StoreFeed): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
<title>${xml(title)}</title>
<link>${xml(rssUrl)}</link>
<description>${xml(title)}</description>
<atom:link href="${xml(rssUrl)}" rel="self" type="application/rss+xml"/>
${items.map(renderItem).join('\n')}
</channel>
</rss>
`;
}

function renderItem({ id, title, text, link, tags, media, publishedAt }: FeedItem): string {
  const parts = [
    ...(title === '' ? [] : [`<title>${xml(title)}</title>`]),
    `<description>${xml(text)}</description>`,
    ...(link === null ? [] : [`<link>${xml(link)}</link>`]),
    `<guid isPermaLink="false">${xml(id)}</guid>`,
    `<pubDate>${publishedAt.toUTCString()}</pubDate>`,
    ...tags.map((tag) => `<category>${xml(tag)}</category>`),
    ...media.slice(0, 1).map(renderEnclosure),
    ...media.map(renderMedia),
  ];
  return `<item>\n${parts.join('\n')}\n</item>`;
}

function renderEnclosure({ url, type, bytes }: PublishedMedia): string {
  return `<enclosure url="${xml(url)}" length="${bytes}" type="${type}"/>`;
}

function renderMedia({ url, type, bytes, width, height, alt }: PublishedMedia): string {
  const sides = width === null || height === null ? '' : ` width="${width}" height="${height}"`;
  const said = alt === '' ? '' : `<media:description>${xml(alt)}</media:description>`;
  return `<media:content url="${xml(url)}" fileSize="${bytes}" type="${type}" medium="${kindOf(type)}"${sides}>${said}</media:content>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function xml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
