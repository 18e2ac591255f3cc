/** A post as the feeds have it. */
export interface FeedItem {
  /** The post's public id. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly link: string | null;
  readonly tags: readonly string[];
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
      date_published: item.publishedAt.toISOString(),
      ...(item.tags.length === 0 ? {} : { tags: item.tags }),
    })),
  });
}

/** RSS 2.0 (https://www.rssboard.org/rss-specification), with its own address as the specification's profile asks. */
export function renderRss({ title, rssUrl, items }: StoreFeed): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
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

function renderItem({ id, title, text, link, tags, publishedAt }: FeedItem): string {
  const parts = [
    ...(title === '' ? [] : [`<title>${xml(title)}</title>`]),
    `<description>${xml(text)}</description>`,
    ...(link === null ? [] : [`<link>${xml(link)}</link>`]),
    `<guid isPermaLink="false">${xml(id)}</guid>`,
    `<pubDate>${publishedAt.toUTCString()}</pubDate>`,
    ...tags.map((tag) => `<category>${xml(tag)}</category>`),
  ];
  return `<item>\n${parts.join('\n')}\n</item>`;
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
