import { escapeHtml } from '../../../platform/html/index.js';
import { createHash } from 'node:crypto';
import { mediaPath, type ShownMedia } from '../../media/shown-media.js';
import { priceText } from '../../price.js';
import type { Block, PageContent } from '../page-content.js';

/** A product as a page shows it. */
export interface ShownProduct {
  readonly sku: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly url: string | null;
  readonly imageUrl: string | null;
}

/** What a page names, as it is now. */
export interface Named {
  /** Those on sale, by SKU. */
  readonly products: ReadonlyMap<string, ShownProduct>;
  /** By UUID. */
  readonly media: ReadonlyMap<string, ShownMedia>;
}

const STYLE = `
:root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; }
body { max-width: 44rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1, h2 { line-height: 1.2; text-wrap: balance; }
img { max-width: 100%; height: auto; border-radius: .5rem; }
.button { display: inline-block; padding: .6rem 1.2rem; border-radius: .5rem; background: #1d4ed8; color: #fff;
  text-decoration: none; font-weight: 600; }
.products { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 1.25rem; padding: 0;
  list-style: none; }
.ask { margin-top: 3rem; border-top: 1px solid; font-size: .9rem; }
.ask button { font: inherit; padding: .3rem .9rem; }
.ask [aria-pressed=true] { font-weight: 600; outline: 2px solid; }
`;

/**
 * What a browser may do with a page: show its own style, and images from here or by https, and nothing else. No script runs, whatever
 * anybody has written into it.
 */
export const PAGE_POLICY = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  `img-src 'self' https:`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** The same of a page whose visits are told: scripts from here, which may speak with nobody but us. None of the page's own. */
export const MEASURED_PAGE_POLICY = [PAGE_POLICY, `script-src 'self'`, `connect-src 'self'`].join('; ');

/**
 * A page as HTML. Every text is escaped: what a store writes is text, and no mark of it means anything.
 * @param measuredFor public id of the store whose analytics hear of its visits, if any
 */
export function renderPage(page: PageContent, named: Named, measuredFor?: string): string {
  const { title, description } = page;
  const measured = measuredFor !== undefined;
  const parts = page.blocks.map((block) => renderBlock(block, named, measured)).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(description)}">
<style>${STYLE}</style>${measured ? scriptFor(measuredFor) : ''}
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${parts}
</main>
</body>
</html>
`;
}

/** Where analytics serves its script, and whom it is for. */
function scriptFor(storeId: string): string {
  return `\n<script defer src="/a.js" data-store="${escapeHtml(storeId)}"></script>`;
}

/** What the script looks for on a link, to tell of clicks on it. */
function clickMark(measured: boolean, name: string, sku?: string): string {
  if (!measured) return '';
  const product = sku === undefined ? '' : ` data-gatehouse-product="${escapeHtml(sku)}"`;
  return ` data-gatehouse-click="${escapeHtml(name)}"${product}`;
}

function renderBlock(block: Block, { products, media }: Named, measured: boolean): string {
  const { text = '', url = '', alt = '', skus = [] } = block;
  switch (block.type) {
    case 'heading':
      return `<h2>${escapeHtml(text)}</h2>`;
    case 'text':
      return text
        .split(/\n\s*\n/)
        .map((paragraph) => `<p>${escapeHtml(paragraph).replace(/\n/g, '<br>')}</p>`)
        .join('\n');
    case 'image':
      if (block.mediaId !== undefined) return renderMedium(media.get(block.mediaId), block.alt);
      return `<p><img src="${escapeHtml(url)}" alt="${escapeHtml(alt)}" loading="lazy"></p>`;
    case 'button':
      return `<p><a class="button" href="${escapeHtml(url)}" rel="noopener"${clickMark(measured, text)}>${escapeHtml(text)}</a></p>`;
    case 'consent':
      return measured ? renderQuestion(block) : '';
    case 'products': {
      const shown = skus.flatMap((sku) => products.get(sku) ?? []);
      const items = shown.map((product) => renderProduct(product, measured));
      return shown.length === 0 ? '' : `<ul class="products">\n${items.join('\n')}\n</ul>`;
    }
  }
}

/** Hidden until the script shows it: to those who are not measured at all it asks nothing. */
function renderQuestion({ text = '', accept = '', decline = '' }: Block): string {
  const button = (answer: string, label: string) =>
    `<button type="button" data-gatehouse-consent="${answer}">${escapeHtml(label)}</button>`;
  return `<section class="ask" data-gatehouse-ask hidden>
<p>${escapeHtml(text)}</p>
<p>${button('granted', accept)} ${button('denied', decline)}</p>
</section>`;
}

/** A picture that moves is sent as it is, others as a thumbnail: smaller, and without what a camera wrote into them. */
function renderMedium(medium: ShownMedia | undefined, alt = medium?.alt ?? ''): string {
  if (!medium) return '';
  const { id, width, height, frames } = medium;
  const src = `${mediaPath(id)}${frames === 1 ? '?size=1024' : ''}`;
  // Both sizes have the same sides in proportion, which is what keeps the place free.
  const sides = width === null || height === null ? '' : ` width="${width}" height="${height}"`;
  return `<p><img src="${escapeHtml(src)}" alt="${escapeHtml(alt)}"${sides} loading="lazy"></p>`;
}

function renderProduct(product: ShownProduct, measured: boolean): string {
  const { sku, name, priceMinor, currency, url, imageUrl } = product;
  const image = imageUrl?.startsWith('https:')
    ? `<img src="${escapeHtml(imageUrl)}" alt="" loading="lazy"><br>`
    : '';
  const label = `${image}<strong>${escapeHtml(name)}</strong>`;
  const mark = clickMark(measured, name, sku);
  const linked = url === null ? label : `<a href="${escapeHtml(url)}" rel="noopener"${mark}>${label}</a>`;
  return `<li>${linked}<br>${escapeHtml(priceText(priceMinor, currency))}</li>`;
}
