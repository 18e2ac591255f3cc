import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';

const SOURCE = readFileSync(new URL('./snippet.js', import.meta.url), 'utf8');
const KEY = 'gatehouse:sto_1';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface Told {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly kind: string;
  readonly visitor: string;
  readonly session: string;
}

interface Options {
  /** What lies behind `https://shop.example`. */
  readonly path?: string;
  readonly referrer?: string;
  readonly navigator?: object;
  readonly consent?: string;
  readonly prerendering?: boolean;
  /** What the server answers, one request after the other; then 204. `null` is no answer. */
  readonly answers?: (number | null)[];
}

type Listener = (event: object) => void;

/** A browser, as far as the script knows one: its storage outlives its pages, and its clock is ours. */
class Browser {
  now = Date.parse('2026-11-20T09:30:00Z');
  readonly storage = new Map<string, string>();

  open(options: Options = {}): OpenPage {
    return new OpenPage(this, options);
  }
}

/** A page with the script in it. */
class OpenPage {
  readonly requests: { via: 'fetch' | 'beacon'; url: string; init?: object; events: Told[] }[] = [];
  private readonly listeners = new Map<string, Listener[]>();
  /** What asks for consent, and its two buttons. */
  readonly question = { hidden: true };
  readonly answers = new Map([
    ['granted', ''],
    ['denied', ''],
  ]);
  private readonly window: Record<string, unknown>;

  constructor(browser: Browser, { path = '/p/spring', ...options }: Options) {
    const location = new URL(path, 'https://shop.example');
    const answers = [...(options.answers ?? [])];
    const on = (type: string, listener: Listener) => {
      this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
    };
    const take = (via: 'fetch' | 'beacon', url: string, body: unknown, init?: object) => {
      const { events } = JSON.parse(String(body)) as { events: Told[] };
      this.requests.push({ via, url, init, events });
    };
    const { consent } = options;
    const dataset = { store: 'sto_1', ...(consent === undefined ? {} : { consent }) };
    const window: Record<string, unknown> = {
      document: {
        currentScript: { src: 'https://shop.example/a.js', dataset },
        referrer: options.referrer ?? '',
        prerendering: options.prerendering ?? false,
        addEventListener: on,
        querySelectorAll: (selector: string) => this.found(selector),
        get cookie(): string {
          throw new Error('It looks at cookies.');
        },
      },
      location,
      navigator: {
        sendBeacon: (url: string, blob: { text: string }) => take('beacon', url, blob.text),
        ...options.navigator,
      },
      localStorage: {
        getItem: (key: string) => browser.storage.get(key) ?? null,
        setItem: (key: string, value: string) => void browser.storage.set(key, value),
        removeItem: (key: string) => void browser.storage.delete(key),
      },
      addEventListener: on,
      crypto: { getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes) },
      fetch: (url: string, init: { body: string }) => {
        take('fetch', url, init.body, init);
        const status = answers.length > 0 ? answers.shift() : 204;
        return status === null ? Promise.reject(new TypeError('no network')) : Promise.resolve({ status });
      },
      Blob: class {
        readonly text: string;
        constructor([text = '']: string[]) {
          this.text = text;
        }
      },
      ...{ URL, URLSearchParams, queueMicrotask },
    };
    window['window'] = window;
    this.window = window;
    createContext(window);
    const clock = () => browser.now;
    window['clock'] = clock;
    runInContext('Date.now = clock; delete globalThis.clock;', window);
    this.run();
  }

  /** The script, once more. */
  run(): void {
    runInContext(SOURCE, this.window);
  }

  call(expression: string): unknown {
    return runInContext(expression, this.window);
  }

  dispatch(type: string, event: object = {}): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }

  /** A click on something inside of a link with such marks. */
  click(dataset: Record<string, string> | null, button = 0): void {
    const link = dataset && { dataset };
    const closest = (selector: string) => (selector === '[data-gatehouse-click]' ? link : null);
    this.dispatch(button === 0 ? 'click' : 'auxclick', { button, target: { closest } });
  }

  /** A click on one of the buttons that answer the question. */
  answer(gatehouseConsent: string): void {
    const button = { dataset: { gatehouseConsent } };
    const closest = (selector: string) => (selector === '[data-gatehouse-consent]' ? button : null);
    this.dispatch('click', { button: 0, target: { closest } });
  }

  private found(selector: string): object[] {
    if (selector === '[data-gatehouse-ask]') return [this.question];
    if (selector !== '[data-gatehouse-consent]') return [];
    return [...this.answers.keys()].map((gatehouseConsent) => ({
      dataset: { gatehouseConsent },
      setAttribute: (name: string, value: string) => this.answers.set(gatehouseConsent, `${name} ${value}`),
    }));
  }

  /** What was sent in all, once everything that is under way is done. */
  async told(): Promise<Told[]> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.requests.flatMap(({ events }) => events);
  }

  async kinds(): Promise<string[]> {
    return (await this.told()).map(({ kind }) => kind);
  }
}

const open = (options?: Options) => new Browser().open(options);

describe('the script', () => {
  it('tells that a page is looked at, and of the visit that begins so', async () => {
    const page = open();
    const [visit, view] = await page.told();
    expect(page.requests).toMatchObject([
      {
        url: 'https://shop.example/a/sto_1/events',
        init: { method: 'POST', keepalive: true, credentials: 'omit' },
      },
    ]);
    const { visitor, session } = visit as Told;
    expect(visit).toEqual({
      id: expect.stringMatching(UUID),
      kind: 'visit',
      visitor,
      session,
      page: '/p/spring',
    });
    expect(view).toMatchObject({ kind: 'page_view', visitor, session });
    expect([visitor, session, view?.id]).toEqual(Array(3).fill(expect.stringMatching(UUID)));
    expect(new Set([visitor, session, visit?.id, view?.id]).size).toBe(4);
  });

  it('says how somebody came', async () => {
    const campaign = 'cmp_01k0b3w2f7e1rt5m8v9xq4zj6d';
    for (const [options, origin] of [
      [
        { path: `/p/a?utm_source=news&utm_medium=email&utm_campaign=spring&cmp=${campaign}` },
        { channel: 'email', source: 'news/spring', campaignId: campaign },
      ],
      [{ referrer: 'https://blog.example/post?q=secret' }, { channel: 'referral', source: 'blog.example' }],
      [
        { path: '/p/a?utm_source=flyer', referrer: 'https://b.example/' },
        { channel: 'referral', source: 'flyer' },
      ],
      [{ referrer: 'https://shop.example/p/b' }, {}],
      [{ path: '/p/a?cmp=spring&email=jane@example.com' }, {}],
      [{ path: `/p/a?utm_source=%00${'ä'.repeat(300)}%0A` }, { source: 'ä'.repeat(200) }],
    ] as const) {
      const [visit] = await open(options).told();
      const { channel, source, campaignId } = visit as Told;
      expect({ channel, source, campaignId }).toMatchObject(origin);
      if (!('source' in origin))
        expect([channel, source, campaignId]).toEqual([undefined, undefined, undefined]);
      expect(JSON.stringify(visit)).not.toMatch(/secret|jane/);
    }
  });

  it('tells of clicks on what is marked, by the first and the middle button', async () => {
    const page = open();
    page.click({ gatehouseClick: 'Buy', gatehouseProduct: 'MUG-1' });
    page.click({ gatehouseClick: '' }, 1);
    page.click({ gatehouseClick: 'Buy' }, 2);
    page.click(null);
    const [, , first, second, ...others] = await page.told();
    expect(first).toMatchObject({ kind: 'click', name: 'Buy', product: 'MUG-1', page: '/p/spring' });
    expect([second?.kind, second?.['name'], others]).toEqual(['click', undefined, []]);
  });

  it('tells what the page tells it', async () => {
    const page = open();
    page.call(`gatehouse.track('quiz done'); gatehouse.track('add_to_cart', { product: 'MUG-1' })`);
    page.call(`gatehouse.track(''); gatehouse.track(null, 7); gatehouse.track({ toString() { throw 1 } })`);
    expect((await page.told()).slice(2)).toMatchObject([
      { kind: 'custom', name: 'quiz done' },
      { kind: 'add_to_cart', product: 'MUG-1' },
    ]);
  });

  it('looks once at a page that has it twice', async () => {
    const page = open();
    page.run();
    expect(await page.kinds()).toEqual(['visit', 'page_view']);
  });

  it('looks at a page not before it is shown, and anew when it is brought back', async () => {
    const page = open({ prerendering: true });
    expect(await page.kinds()).toEqual([]);
    page.dispatch('prerenderingchange');
    page.dispatch('pageshow', { persisted: false });
    expect(await page.kinds()).toEqual(['visit', 'page_view']);
    page.dispatch('pageshow', { persisted: true });
    const told = await page.told();
    expect(told.map(({ kind }) => kind)).toEqual(['visit', 'page_view', 'visit', 'page_view']);
    expect(told[2]?.visitor).not.toBe(told[0]?.visitor);
  });

  it.each([{ globalPrivacyControl: true }, { doNotTrack: '1' }])(
    'sends and keeps nothing for who says %j, whatever the page says',
    async (navigator) => {
      const browser = new Browser();
      await browser.open({ consent: 'granted' }).told();
      const page = browser.open({ navigator, consent: 'granted' });
      page.call(`gatehouse.consent(true); gatehouse.track('quiz done')`);
      page.click({ gatehouseClick: 'Buy' });
      page.dispatch('pagehide');
      expect([await page.told(), browser.storage.size]).toEqual([[], 0]);
    },
  );
});

describe('without consent', () => {
  it('nothing is kept, and nobody is known beyond the page', async () => {
    const browser = new Browser();
    const [first, second] = [await browser.open().told(), await browser.open().told()];
    expect(browser.storage.size).toBe(0);
    expect(second.map(({ kind }) => kind)).toEqual(['visit', 'page_view']);
    expect(second[0]?.visitor).not.toBe(first[0]?.visitor);
    expect(second[0]?.session).not.toBe(first[0]?.session);
  });

  it('or beyond being refused it', async () => {
    const page = open();
    page.call(`gatehouse.consent(false); gatehouse.track('later')`);
    const told = await page.told();
    expect(told.map(({ kind }) => kind)).toEqual(['visit', 'page_view', 'visit', 'custom']);
    expect(told[3]?.visitor).not.toBe(told[1]?.visitor);
  });
});

describe('with consent', () => {
  it.each(['granted', undefined])('a visitor is known for 180 days (data-consent %s)', async (consent) => {
    const browser = new Browser();
    const page = browser.open({ consent });
    if (!consent) page.call('gatehouse.consent(true)');
    const [visit] = await page.told();
    const kept = JSON.parse(browser.storage.get(KEY) ?? '') as object;
    expect(kept).toEqual({
      visitor: visit?.visitor,
      session: visit?.session,
      seenAt: browser.now,
      until: browser.now + 180 * DAY_MS,
    });
    browser.now += 179 * DAY_MS;
    expect((await browser.open().told())[0]?.visitor).toBe(visit?.visitor);
    browser.now += DAY_MS;
    expect((await browser.open().told())[0]?.visitor).not.toBe(visit?.visitor);
    expect(browser.storage.size).toBe(0);
  });

  it('a visit ends with half an hour of silence', async () => {
    const browser = new Browser();
    const first = browser.open({ consent: 'granted' });
    const [visit] = await first.told();
    browser.now += 29 * MINUTE_MS;
    const [view, ...none] = await browser.open().told();
    expect([view?.kind, view?.session, none]).toEqual(['page_view', visit?.session, []]);
    browser.now += 29 * MINUTE_MS;
    first.click({ gatehouseClick: 'Buy' });
    expect((await first.told())[2]).toMatchObject({ kind: 'click', session: visit?.session });
    browser.now += 31 * MINUTE_MS;
    first.click({ gatehouseClick: 'Buy' });
    const [next, click] = (await first.told()).slice(3);
    expect([next?.kind, click?.kind, click?.session]).toEqual(['visit', 'click', next?.session]);
    expect(next).toMatchObject({
      visitor: visit?.visitor,
      session: expect.not.stringMatching(visit?.session ?? ''),
    });
  });

  it('that is taken back everything is erased, on every page that is open', async () => {
    const browser = new Browser();
    const [first, second] = [browser.open({ consent: 'granted' }), browser.open()];
    const { visitor } = (await first.told())[0] as Told;
    second.call('gatehouse.consent(false)');
    expect(browser.storage.size).toBe(0);
    for (const page of [first, second]) {
      page.call(`gatehouse.track('later')`);
      const later = (await page.told()).at(-1);
      expect([later?.kind, later?.visitor === visitor]).toEqual(['custom', false]);
    }
    expect(browser.storage.size).toBe(0);
    await browser.open({ consent: 'granted' }).told();
    await browser.open({ consent: 'denied' }).told();
    expect(browser.storage.size).toBe(0);
  });

  it('that a page asks for, which answer stands is shown, and can be changed', async () => {
    const browser = new Browser();
    const page = browser.open();
    const standing = () => [page.question.hidden, ...page.answers.values()];
    expect(standing()).toEqual([false, 'aria-pressed false', 'aria-pressed true']);
    page.answer('granted');
    expect(standing()).toEqual([false, 'aria-pressed true', 'aria-pressed false']);
    expect(browser.storage.size).toBe(1);
    const again = browser.open();
    expect([...again.answers.values()]).toEqual(['aria-pressed true', 'aria-pressed false']);
    page.answer('denied');
    expect(standing()).toEqual([false, 'aria-pressed false', 'aria-pressed true']);
    expect(browser.storage.size).toBe(0);
    expect(await page.kinds()).toEqual(['visit', 'page_view']);
  });

  it('nobody is asked for who is not measured', () => {
    const page = open({ navigator: { globalPrivacyControl: true } });
    expect([page.question.hidden, ...page.answers.values()]).toEqual([true, '', '']);
  });

  it('what somebody else has put there is not taken up', async () => {
    const browser = new Browser();
    const { session } = (await browser.open().told())[0] as Told;
    for (const foreign of [
      '{',
      '7',
      'null',
      `{"until": 9e15, "visitor": "jane@example.com", "session": "${session}"}`,
    ]) {
      browser.storage.set(KEY, foreign);
      const [visit] = await browser.open().told();
      expect([foreign, visit?.visitor]).toEqual([foreign, expect.stringMatching(UUID)]);
    }
  });
});

describe('what was not taken', () => {
  it.each([null, 429, 503])('(%s) is sent again with what comes next, under the same ids', async (answer) => {
    const page = open({ answers: [answer] });
    const lost = await page.told();
    page.call(`gatehouse.track('next')`);
    const [, again] = (await page.told(), page.requests);
    expect(again?.events.slice(0, 2)).toEqual(lost);
    expect(again?.events[2]).toMatchObject({ name: 'next' });
    page.dispatch('pagehide');
    expect(page.requests).toHaveLength(2);
  });

  it('is sent once more when the page is left', async () => {
    const page = open({ answers: [null] });
    const lost = await page.told();
    page.dispatch('pagehide');
    expect(page.requests[1]).toMatchObject({ via: 'beacon', events: lost });
  });

  it('is given up when it was refused for good, or has waited for five minutes', async () => {
    const refused = open({ answers: [404] });
    await refused.told();
    const browser = new Browser();
    const late = browser.open({ answers: [null] });
    await late.told();
    browser.now += 5 * MINUTE_MS;
    for (const page of [refused, late]) {
      page.dispatch('pagehide');
      expect(page.requests).toHaveLength(1);
    }
  });

  it('is bounded, and so is what is sent at once', async () => {
    const page = open({ answers: Array<null>(60).fill(null) });
    page.call(`for (let no = 0; no < 200; no++) gatehouse.track('no ' + no)`);
    expect(await page.told()).toHaveLength(100);
    expect(Math.max(...page.requests.map(({ events }) => events.length))).toBe(5);
    const before = page.requests.length;
    page.dispatch('pagehide');
    expect(page.requests.slice(before).flatMap(({ events }) => events)).toHaveLength(100);
  });
});

describe('a request', () => {
  it('has never more than the server takes', async () => {
    const wide = '🌷'.repeat(300);
    const query = `utm_source=${wide}&utm_medium=${wide}&cmp=cmp_01k0b3w2f7e1rt5m8v9xq4zj6d`;
    const page = open({ path: `/${'x'.repeat(600)}?${query}` });
    page.call(`for (let no = 0; no < 20; no++) gatehouse.track('${wide}', { product: '${wide}' })`);
    await page.told();
    const sizes = page.requests.map(({ events }) => Buffer.byteLength(JSON.stringify({ events })));
    expect(sizes[0]).toBeGreaterThan(10_000);
    expect(Math.max(...sizes)).toBeLessThan(16_384);
  });
});

describe('a page', () => {
  it('goes on where the browser has nothing of what the script needs', async () => {
    const page = open({ answers: [null] });
    await page.told();
    page.call('localStorage.getItem = localStorage.setItem = () => { throw new Error("denied") }');
    page.call('fetch = navigator.sendBeacon = undefined; gatehouse.consent(true)');
    page.call(`gatehouse.track('on')`);
    page.dispatch('pagehide');
    page.dispatch('click', { target: null });
    page.call('crypto.getRandomValues = undefined; delete window.gatehouse');
    page.run();
    expect(page.call('typeof gatehouse.track')).toBe('function');
  });
});
