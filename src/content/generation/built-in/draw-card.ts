import sharp from 'sharp';
import { priceText } from '../../price.js';
import type { ImageOrder } from '../provider.js';
import { FONT_FAMILY, loadFonts } from './fonts.js';

/** Two colours of the ground, and one that writing on it is read in. */
const PALETTES = [
  ['#0f766e', '#164e63', '#f8fafc'],
  ['#7c2d12', '#b45309', '#fffbeb'],
  ['#312e81', '#6d28d9', '#f5f3ff'],
  ['#14532d', '#3f6212', '#f7fee7'],
  ['#f5efe6', '#e7d8c3', '#3b2f2f'],
  ['#111827', '#374151', '#f9fafb'],
] as const;

/** Characters that the fonts have. */
const DRAWN = /[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}\p{P}\p{Zs}$€£¥₽+=<>]/gu;
const MOST_CHARACTERS = 140;

/** An element as satori takes it, without JSX. */
interface Element {
  readonly type: 'div';
  readonly props: {
    readonly style: Readonly<Record<string, string | number>>;
    readonly children?: string | readonly Element[];
  };
}

/**
 * Draws a card: the store's name, what it is about, and of a product the price. The text is laid out as SVG, its
 * letters as outlines, so that no font of the machine is needed.
 * @param variant the same one looks the same
 * @returns PNG
 */
export async function drawCard(order: ImageOrder, variant: number): Promise<Buffer> {
  // Loaded with the first card: most processes never draw one.
  const { default: satori } = await import('satori');
  const { width, height } = order;
  const svg = await satori(cardOf(order, variant), { width, height, fonts: await loadFonts() });
  return sharp(Buffer.from(svg)).png().toBuffer();
}

function cardOf({ prompt, voice, subject, width, height }: ImageOrder, variant: number): Element {
  const [from, to, ink] = PALETTES[variant % PALETTES.length] ?? PALETTES[0];
  const short = Math.min(width, height);
  const edge = short * 0.07;
  const column = width - 2.4 * edge;
  const headline = drawable(prompt) || drawable(subject?.name ?? '') || drawable(voice.brand);
  const foot = subject ? priceText(subject.priceMinor, subject.currency) : (voice.words[0] ?? '');
  return box(
    {
      width: '100%',
      height: '100%',
      boxSizing: 'border-box',
      flexDirection: 'column',
      justifyContent: 'space-between',
      padding: edge,
      backgroundImage: `linear-gradient(${45 + (variant % 4) * 90}deg, ${from}, ${to})`,
      color: ink,
      fontFamily: FONT_FAMILY,
    },
    [
      discOf(variant, width, short, ink),
      line(short * 0.036, 400, drawable(voice.brand), column),
      line(headlineSize(headline, column, height), 700, headline, column),
      line(short * 0.05, 400, drawable(foot), column),
    ],
  );
}

/** Smaller for what is longer, so that it stays within the middle. */
function headlineSize(text: string, column: number, height: number): number {
  const area = column * height * 0.45;
  return Math.min(column * 0.13, Math.sqrt(area / Math.max(12, text.length) / 0.75));
}

function discOf(variant: number, width: number, short: number, colour: string): Element {
  const size = short * (0.4 + (variant % 3) * 0.1);
  return box({
    position: 'absolute',
    left: variant % 2 === 0 ? width - size * 0.7 : width * 0.55,
    bottom: -size * 0.3,
    width: size,
    height: size,
    borderRadius: size / 2,
    backgroundColor: colour,
    opacity: 0.12,
  });
}

/** @param column how wide it may be, with some room to spare: words are measured letter by letter */
const line = (fontSize: number, fontWeight: number, text: string, column: number): Element =>
  box({ fontSize, fontWeight, lineHeight: 1.1, width: column, wordBreak: 'break-word' }, text);

function box(style: Record<string, string | number>, children?: string | readonly Element[]): Element {
  return {
    type: 'div',
    props: { style: { display: 'flex', ...style }, ...(children === undefined ? {} : { children }) },
  };
}

function drawable(text: string): string {
  const clean = text.normalize('NFC').replace(DRAWN, ' ').replace(/\s+/g, ' ').trim();
  const letters = [...clean];
  return letters.length <= MOST_CHARACTERS ? clean : `${letters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}
