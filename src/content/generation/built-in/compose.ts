import type { Objective } from '../../campaigns/campaign.entity.js';
import type { Random } from '../../random.js';
import { priceText } from '../../price.js';

/** What a text can be about. */
export interface Subject {
  readonly sku: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly url: string | null;
}

/** How a store wants to be heard. */
export interface Voice {
  /** The store's name. */
  readonly brand: string;
  readonly tone: Tone;
  /** What it says of itself, each a word or a few. */
  readonly words: readonly string[];
}

export const TONES = ['plain', 'warm', 'lively'] as const;
export type Tone = (typeof TONES)[number];

/** `{product}`, `{price}` and `{brand}` stand for what a text is about; those with a product need one. */
const ABOUT_PRODUCT: Readonly<Record<Objective, readonly string[]>> = {
  awareness: ['Have you met our {product}?', '{product}: one of the things {brand} is known for.'],
  traffic: ['All there is to know about our {product}.', 'See our {product} from all sides.'],
  engagement: ['What would you use our {product} for?', 'Our {product}: for you, or for somebody you like?'],
  leads: ['Be the first to hear when {product} is back.', 'News of {product} and more, by letter.'],
  sales: ['{product}, now for {price}.', 'In stock today: {product} for {price}.'],
  retention: ['You know {product}. Here is what goes with it.', 'A thank-you to all who chose {product}.'],
};

const ABOUT_BRAND: Readonly<Record<Objective, readonly string[]>> = {
  awareness: ['This is {brand}.', 'Who we are, and what we make: {brand}.'],
  traffic: ['There is something new at {brand}.', 'Look around at {brand}.'],
  engagement: ['What should {brand} make next?', 'Tell us what you think of {brand}.'],
  leads: ['Hear from {brand} before everybody else.', 'Letters from {brand}: few, and worth it.'],
  sales: ['This week at {brand}.', 'What {brand} has on its shelves today.'],
  retention: ['Thank you for being with {brand}.', 'For those who know {brand}.'],
};

const ENDINGS: Readonly<Record<Tone, readonly string[]>> = {
  plain: ['More in our shop.', 'See our shop.'],
  warm: ['We look forward to seeing you.', 'Come by, whenever you like.'],
  lively: ['Come and see!', 'Do not miss it!'],
};

/**
 * A short text made of templates, the store's own products, its name and its words: nothing in it that was not known.
 * @param about what it is about, before all else; may be empty
 * @param most characters, counted as code points; what does not fit is left out, from the end
 */
export function composeText(
  random: Random,
  { goal, about = '' }: { readonly goal: Objective; readonly about?: string },
  { brand, tone, words }: Voice,
  subject: Subject | undefined,
  most: number,
): string {
  const said = random
    .pick((subject ? ABOUT_PRODUCT : ABOUT_BRAND)[goal])
    .replaceAll('{product}', () => subject?.name ?? '')
    .replaceAll('{price}', () => (subject ? priceText(subject.priceMinor, subject.currency) : ''))
    .replaceAll('{brand}', () => brand);
  const parts = [about, said, ...random.some(words, 2), random.pick(ENDINGS[tone])].filter(
    (part) => part !== '',
  );
  let text = '';
  for (const part of parts) {
    const longer = text === '' ? sentence(part) : `${text} ${sentence(part)}`;
    if ([...longer].length > most) break;
    text = longer;
  }
  return text === '' ? [...sentence(parts[0] ?? brand)].slice(0, most).join('') : text;
}

/** With a capital and an end. */
function sentence(words: string): string {
  const [first = '', ...rest] = words.trim();
  const text = first.toLocaleUpperCase('en') + rest.join('');
  return /[.!?…:]$/u.test(text) ? text : `${text}.`;
}
