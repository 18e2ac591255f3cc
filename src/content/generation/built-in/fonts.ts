import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Font } from 'satori';

/** Inter comes in parts, by scripts: a letter is taken from the first that has it. */
const PARTS = ['latin', 'latin-ext', 'cyrillic', 'greek', 'vietnamese'] as const;
const WEIGHTS = [400, 700] as const;

const nameOf = (part: string): string => `Inter ${part}`;

/** For the style of what is written in it. */
export const FONT_FAMILY = PARTS.map(nameOf).join(', ');

let loaded: Promise<Font[]> | undefined;

/** The fonts, read once. */
export function loadFonts(): Promise<Font[]> {
  return (loaded ??= Promise.all(PARTS.flatMap((part) => WEIGHTS.map((weight) => loadFont(part, weight)))));
}

async function loadFont(part: string, weight: (typeof WEIGHTS)[number]): Promise<Font> {
  const file = `@fontsource/inter/files/inter-${part}-${weight}-normal.woff`;
  const data = await readFile(fileURLToPath(import.meta.resolve(file)));
  return { name: nameOf(part), data, weight, style: 'normal' };
}
