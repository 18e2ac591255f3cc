import type { DemoSubjects, Random } from '../../content/index.js';
import { Share, weighted } from './chances.js';
import type { DemoDay } from './demo-days.js';
import { momentIn } from './demo-days.js';
import type { Arrival } from './demo-adverts.js';
import type { DemoEvent, Origin } from './demo-event.js';

/** How people come who saw no advert, each with how many do, and how eager they are to buy. */
const WAYS: readonly (readonly [Origin & { readonly channel: string }, number])[] = [
  [{ channel: 'search', source: 'google' }, 32],
  [{ channel: 'search', source: 'bing' }, 4],
  [{ channel: 'search', source: 'duckduckgo' }, 2],
  [{ channel: 'direct' }, 24],
  [{ channel: 'email', source: 'newsletter' }, 14],
  [{ channel: 'social', source: 'instagram' }, 9],
  [{ channel: 'social', source: 'pinterest' }, 4],
  [{ channel: 'referral', source: 'blog.example' }, 5],
  [{ channel: 'referral', source: 'prices.example' }, 3],
];
const EAGERNESS: Readonly<Record<string, number>> = { email: 1.6, social: 0.6, 'paid-social': 0.8 };

/** Of those who come; of those with a cart; of those at the till. */
const CHANCES = { cart: 0.075, checkout: 0.56, conversion: 0.5, signUp: 0.012 } as const;
const SALE_EAGERNESS = 1.35;
/** Of the last so many, one may come again. */
const REMEMBERED = 150;

interface Visitor {
  readonly id: string;
  readonly audienceId: string | undefined;
}

/** What those do who come. */
export class DemoJourneys {
  private readonly recent: Visitor[] = [];
  private readonly coming: Share;
  private readonly cart: Share;
  private readonly checkout: Share;
  private readonly conversion: Share;
  private readonly signUp: Share;

  constructor(
    private readonly subjects: DemoSubjects,
    private readonly random: Random,
    private readonly visitsPerDay: number,
  ) {
    const share = () => new Share(random);
    [this.coming, this.cart, this.checkout] = [share(), share(), share()];
    [this.conversion, this.signUp] = [share(), share()];
  }

  /** @param arrivals who comes because of an advert, besides those who come anyway */
  on(day: DemoDay, arrivals: readonly Arrival[]): DemoEvent[] {
    const anyway = this.coming.count(this.visitsPerDay * day.busy * (this.random.between(75, 125) / 100));
    return [
      ...arrivals.flatMap(({ at, origin }) => this.visit(day, at, origin, true)),
      ...Array.from({ length: anyway }, () =>
        this.visit(day, momentIn(day, this.random), weighted(this.random, WAYS), false),
      ).flat(),
    ];
  }

  private visit(day: DemoDay, since: number, origin: Origin, clicked: boolean): DemoEvent[] {
    const { random, subjects } = this;
    const { id: visitor, audienceId } = this.visitor();
    const known = { visitor, session: `s-${hexOf(random)}`, audienceId, ...origin };
    const events: DemoEvent[] = [];
    let at = since;
    const happens = (kind: DemoEvent['kind'], more: Partial<DemoEvent> = {}) => {
      events.push({ kind, at: new Date(at), ...known, ...more });
      at += random.between(8_000, 95_000);
    };
    const pageOf = ({ sku }: Product) => `/products/${sku.toLowerCase()}`;

    const landing = clicked || random.chance(0.1) ? subjects.pages[0] : undefined;
    const product = random.pick(subjects.products);
    const page = landing ?? (random.chance(0.35) ? pageOf(product) : '/');
    if (clicked) happens('click', { page });
    happens('visit', { page });
    happens('page_view', { page, ...(page === pageOf(product) ? { product: product.sku } : {}) });
    const eager = (EAGERNESS[origin.channel ?? ''] ?? 1) * (day.sale ? SALE_EAGERNESS : 1);
    if (this.signUp.take(CHANCES.signUp)) happens('sign_up', { page });
    const buys = this.cart.take(CHANCES.cart * eager);
    if (!buys && random.chance(0.5)) return events;

    if (page !== pageOf(product)) happens('page_view', { page: pageOf(product), product: product.sku });
    if (!buys) {
      if (random.chance(0.3)) happens('page_view', { page: '/about' });
      return events;
    }
    const chosen = { page: pageOf(product), product: product.sku };
    happens('add_to_cart', chosen);
    if (!this.checkout.take(CHANCES.checkout)) return events;
    happens('checkout', { page: '/checkout', product: product.sku });
    if (!this.conversion.take(CHANCES.conversion)) return events;
    happens('conversion', { page: '/thanks', product: product.sku, valueMinor: this.paidFor(product, day) });
    return events;
  }

  /** One who was there before, or somebody new. */
  private visitor(): Visitor {
    const { random, recent, subjects } = this;
    if (recent.length > 0 && random.chance(0.3)) return random.pick(recent);
    const isKnown = subjects.audiences.length > 0 && random.chance(0.35);
    const audienceId = isKnown ? random.pick(subjects.audiences) : undefined;
    const visitor = { id: `v-${hexOf(random)}`, audienceId };
    recent.push(visitor);
    if (recent.length > REMEMBERED) recent.shift();
    return visitor;
  }

  /** Some of it, often something else with it, and in a sale a fifth less. */
  private paidFor({ priceMinor }: Product, { sale }: DemoDay): number {
    const { random, subjects } = this;
    const beside = random.chance(0.45) ? random.pick(subjects.products).priceMinor : 0;
    const sum = priceMinor * weighted(random, QUANTITIES) + beside;
    return sale ? Math.round(sum * 0.8) : sum;
  }
}

type Product = DemoSubjects['products'][number];

const QUANTITIES = [
  [1, 7],
  [2, 2],
  [3, 1],
] as const;

/** What tells one from another. */
function hexOf(random: Random): string {
  const half = () => random.between(0, 0xffffff).toString(16).padStart(6, '0');
  return half() + half();
}
