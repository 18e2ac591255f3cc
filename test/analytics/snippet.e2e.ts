import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MOST_REQUESTS } from '../../src/analytics/snippet/page-event-throttle.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let store: StoreCalls;
let page: Body;
let made = 0;
beforeAll(async () => {
  app = await startTestApp({ environment: { TRUST_PROXY: '1' } });
});
beforeEach(async () => {
  store = await StoreCalls.inNewStore(app);
  page = await publishPage(store, { analytics: true });
});
afterAll(() => app.close());

async function publishPage(calls: StoreCalls, fields: object = {}): Promise<Body> {
  made += 1;
  const whole = { slug: `measured-${made}`, title: 'Spring', blocks: [], ...fields };
  const { id } = await calls.post('/landing-pages', whole);
  return calls.post(`/landing-pages/${id}/publish`, {}, 200);
}

interface Sending {
  readonly origin?: string | null;
  readonly address?: string;
  readonly storeId?: string;
  readonly type?: string;
}

/** A body as a page of ours sends it; each caller has an address of its own unless it names one. */
function send(body: unknown, { origin = app.url, address, storeId, type }: Sending = {}): Promise<Response> {
  made += 1;
  return fetch(`${app.url}/a/${storeId ?? store.key.storeId}/events`, {
    method: 'POST',
    headers: {
      'Content-Type': type ?? 'application/json',
      'X-Forwarded-For': address ?? `198.51.${made >> 8}.${made & 255}`,
      ...(origin === null ? {} : { Origin: origin }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const event = (fields: object = {}) => ({
  id: randomUUID(),
  kind: 'page_view',
  page: '/p/spring',
  ...fields,
});
const sendEvents = (...events: object[]) => send({ events });
const totals = async (path = '/analytics') => (await store.get(path))['totals'];

async function errorOf(answer: Response): Promise<Body['error'] & { readonly requestId: string }> {
  return ((await answer.json()) as { error: Body['error'] & { readonly requestId: string } }).error;
}

describe('a landing page with analytics', () => {
  const look = (slug: unknown) => fetch(`${app.url}/p/${String(slug)}`);

  it('has the script and a policy that lets it run and speak with us alone', async () => {
    const answer = await look(page['slug']);
    const html = await answer.text();
    expect(html).toContain(`<script defer src="/a.js" data-store="${store.key.storeId}"></script>`);
    expect(html.match(/<script/g)).toHaveLength(1);
    const policy = (answer.headers.get('content-security-policy') ?? '').split('; ');
    expect(policy).toEqual(expect.arrayContaining([`script-src 'self'`, `connect-src 'self'`]));
    expect(policy[0]).toBe(`default-src 'none'`);
    expect(policy.join()).not.toContain('unsafe');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('marks its buttons, products and questions, whatever is written on them', async () => {
    const price = { priceMinor: 1_290, currency: 'EUR', url: 'https://shop.example.com/mug' };
    await store.post('/products', { sku: 'MUG"', name: 'Mug', ...price });
    const blocks = [
      { type: 'button', text: 'Buy "now"', url: 'https://shop.example.com/' },
      { type: 'products', skus: ['MUG"'] },
      { type: 'consent', text: 'May we?', accept: 'Yes, <do>', decline: 'No' },
    ];
    const measured = await (
      await look((await publishPage(store, { blocks, analytics: true }))['slug'])
    ).text();
    expect(measured).toContain('data-gatehouse-click="Buy &quot;now&quot;">Buy');
    expect(measured).toContain('data-gatehouse-click="Mug" data-gatehouse-product="MUG&quot;">');
    expect(measured).toContain('data-gatehouse-ask hidden>\n<p>May we?</p>');
    expect(measured).toContain('data-gatehouse-consent="granted">Yes, &lt;do&gt;</button>');
    expect(measured).toContain('data-gatehouse-consent="denied">No</button>');
    const plain = await (await look((await publishPage(store, { blocks }))['slug'])).text();
    expect(plain).not.toMatch(/data-gatehouse|<script|May we/);
  });

  it('is one that was published so: what is switched later waits for the next version', async () => {
    const path = `/landing-pages/${page.id}`;
    const policyOf = async () => (await look(page['slug'])).headers.get('content-security-policy');
    expect(page['analytics']).toBe(true);
    expect(await store.patch(path, { analytics: false })).toMatchObject({ analytics: false });
    expect(await policyOf()).toContain('script-src');
    await store.post(`${path}/publish`, {}, 200);
    expect(await policyOf()).not.toMatch(/script-src|connect-src/);
    expect(await store.column(`${path}/versions`, 'analytics')).toEqual([false, true]);
    expect(await store.post(`${path}/restore`, { version: 1 }, 200)).toMatchObject({ analytics: true });
  });

  it('is none unless it says so', async () => {
    const silent = await publishPage(store);
    expect(silent['analytics']).toBe(false);
    const whole = { slug: page['slug'], title: 'Anew', blocks: [] };
    expect(await store.put(`/landing-pages/${page.id}`, whole)).toMatchObject({ analytics: false });
    const { error } = await store.patch(`/landing-pages/${page.id}`, { analytics: 'yes' }, 400);
    expect(error.details['field']).toBe('analytics');
  });
});

describe('the script', () => {
  it('is for everybody, for an hour, and once only to whoever has it', async () => {
    const answer = await fetch(`${app.url}/a.js`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600',
      'x-content-type-options': 'nosniff',
    });
    expect(await answer.text()).toContain('window.gatehouse');
    const etag = answer.headers.get('etag') ?? '';
    const again = await fetch(`${app.url}/a.js`, { headers: { 'If-None-Match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const head = await fetch(`${app.url}/a.js`, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag')]).toEqual([200, etag]);
  });
});

describe('an event of a page', () => {
  it('is in the figures, with all that it names', async () => {
    const campaign = await store.post('/campaigns', { name: 'Spring', platform: 'email' });
    const due = { channel: 'email', source: 'newsletter', campaignId: campaign.id };
    const [visitor, session] = [randomUUID(), randomUUID()];
    const answer = await sendEvents(
      event({ kind: 'visit', visitor, session, ...due }),
      event({ visitor, session, ...due }),
      event({ kind: 'click', name: 'Buy', product: 'MUG', visitor, session, ...due }),
      event({ kind: 'add_to_cart', product: 'MUG' }),
      event({ kind: 'custom', name: 'quiz done' }),
    );
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(await totals()).toMatchObject({ visits: 1, pageViews: 1, clicks: 1, conversions: 0 });
    expect(await totals(`/analytics?campaignId=${campaign.id}`)).toMatchObject({ visits: 1, clicks: 1 });
    for (const [by, value] of [
      ['page', '/p/spring'],
      ['channel', 'email'],
      ['source', 'newsletter'],
    ]) {
      const groups = (await store.get(`/analytics?groupBy=${by}`))['groups'] as Body[];
      expect(groups.find((group) => group['value'] === value)).toMatchObject({ metrics: { pageViews: 1 } });
    }
    const funnel = await store.get('/analytics/funnels?step=visit&step=click');
    expect(funnel['steps']).toMatchObject([{ visitors: 1 }, { visitors: 1 }]);
  });

  it('counts once, however often it comes, and takes no id that the store itself gives', async () => {
    const once = event();
    expect((await sendEvents(once, once)).status).toBe(204);
    expect((await sendEvents(once, event({ kind: 'visit' }))).status).toBe(204);
    expect(await totals()).toMatchObject({ pageViews: 1, visits: 1 });
    const own = { id: once.id, kind: 'conversion', valueMinor: 100, currency: 'EUR' };
    expect(await store.post('/analytics/events', own, 200)).toEqual({ id: once.id, duplicate: false });
  });

  it('is kept without a campaign that is not the store’s, or is gone', async () => {
    const other = await StoreCalls.inNewStore(app);
    const [foreign, gone] = [
      await other.post('/campaigns', { name: 'Theirs', platform: 'email' }),
      await store.post('/campaigns', { name: 'Gone', platform: 'email' }),
    ];
    await store.delete(`/campaigns/${gone.id}`);
    const events = [foreign, gone].map(({ id }) => event({ campaignId: id }));
    expect((await sendEvents(...events)).status).toBe(204);
    expect(await totals()).toMatchObject({ pageViews: 2 });
    for (const { id } of [foreign, gone]) {
      expect(await totals(`/analytics?campaignId=${id}`)).toMatchObject({ pageViews: 0 });
    }
    expect((await other.get('/analytics'))['totals']).toMatchObject({ pageViews: 0 });
  });

  it('counts no quota and is no request of the log', async () => {
    const used = async () =>
      ((await store.get('/usage'))['windows'] as { used: number }[]).map((window) => window.used);
    const before = await used();
    expect((await sendEvents(event())).status).toBe(204);
    expect((await send({ events: [] })).status).toBe(400);
    expect(await app.sql(`SELECT path FROM request_log WHERE path LIKE '/a/%'`)).toEqual([]);
    expect(await used()).toEqual(before);
  });

  it.each<[object, string]>([
    [{ kind: 'conversion' }, 'kind'],
    [{ kind: 'spend' }, 'kind'],
    [{ kind: 'custom' }, 'name'],
    [{ valueMinor: 100, currency: 'EUR' }, 'valueMinor'],
    [{ audienceId: 'aud_01k0b3w2f7e1rt5m8v9xq4zj6d' }, 'audienceId'],
    [{ anything: 1 }, 'anything'],
    [{ id: 'order-10023' }, 'id'],
    [{ id: null }, 'id'],
    [{ visitor: 'jane@example.com' }, 'visitor'],
    [{ session: 'Jane' }, 'session'],
    [{ page: null }, 'page'],
    [{ page: 'https://shop.example.com/' }, 'page'],
    [{ page: '//shop.example.com/' }, 'page'],
    [{ page: '/p/spring?email=jane@example.com' }, 'page'],
    [{ page: '/p/spring#x' }, 'page'],
    [{ campaignId: 'spring' }, 'campaignId'],
  ])('is refused with %j, and whatever comes with it', async (fields, field) => {
    const answer = await sendEvents(event(), event(fields));
    const { code, details, requestId } = await errorOf(answer);
    expect([answer.status, code, details['field']]).toEqual([400, 'INVALID_INPUT', `events[1].${field}`]);
    expect(requestId).toBe(answer.headers.get('x-request-id'));
    expect(await totals()).toMatchObject({ pageViews: 0 });
  });

  it('happens when it says so, as long as that is about now', async () => {
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    for (const time of [minutesAgo(10), minutesAgo(-10)]) {
      const { details } = await errorOf(await sendEvents(event({ time })));
      expect(details).toMatchObject({
        field: 'events[0].time',
        reason: 'must be within five minutes of now',
      });
    }
    const time = minutesAgo(3);
    expect((await sendEvents(event({ time }))).status).toBe(204);
    const [kept] = await app.sql<{ occurred_at: Date }>(
      'SELECT occurred_at FROM analytics_events WHERE store_id = $1',
      [fromPublicId('store', store.key.storeId)],
    );
    expect(kept?.occurred_at.toISOString()).toBe(time);
  });
});

describe('events of pages', () => {
  it('come from pages of ours alone', async () => {
    const { host } = new URL(app.url);
    for (const origin of [
      null,
      'null',
      'https://evil.example',
      `https://${host}`,
      `${app.url}.evil.example`,
    ]) {
      const answer = await send({ events: [event()] }, { origin });
      expect([origin, answer.status, (await errorOf(answer)).code]).toEqual([
        origin,
        403,
        'ORIGIN_NOT_ALLOWED',
      ]);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(await totals()).toMatchObject({ pageViews: 0 });
  });

  it('are twenty at most, and no more than 16 kB', async () => {
    const many = Array.from({ length: 21 }, () => event());
    expect((await errorOf(await send({ events: many }))).details).toMatchObject({ field: 'events' });
    expect((await send({ events: many.slice(1) })).status).toBe(204);
    expect(await totals()).toMatchObject({ pageViews: 20 });
    const large = await sendEvents(event({ name: 'x'.repeat(17_000) }));
    expect([large.status, (await errorOf(large)).code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it.each([
    ['[', 'application/json', 400, 'MALFORMED_JSON'],
    ['{}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['[]', 'application/json', 400, 'INVALID_INPUT'],
    ['{"events": []}', 'application/json', 400, 'INVALID_INPUT'],
    ['{"events": [], "more": 1}', 'application/json', 400, 'INVALID_INPUT'],
    ['', 'application/json', 400, 'INVALID_INPUT'],
  ])('are JSON: %j as %s is refused', async (body, type, status, code) => {
    const answer = await send(body, { type });
    expect([answer.status, (await errorOf(answer)).code]).toEqual([status, code]);
  });

  it('are refused as a problem document to those who prefer one', async () => {
    const answer = await fetch(`${app.url}/a/${store.key.storeId}/events`, {
      method: 'POST',
      headers: { Accept: 'application/problem+json' },
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toMatchObject({ status: 403, code: 'ORIGIN_NOT_ALLOWED' });
  });

  it('are taken for stores that have a page which sends them', async () => {
    const silent = await StoreCalls.inNewStore(app);
    await publishPage(silent);
    const absent = ['sto_01k0b3w2f7e1rt5m8v9xq4zj6d', 'nothing', page.id, silent.key.storeId];
    const answers = await Promise.all(absent.map((storeId) => send({ events: [event()] }, { storeId })));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(await errorOf(answers[3] as Response)).toMatchObject({ code: 'NOT_FOUND' });
    await store.post(`/landing-pages/${page.id}/unpublish`, {}, 200);
    expect((await sendEvents(event())).status).toBe(404);
  });

  it('are not taken while the organization is suspended', async () => {
    expect((await sendEvents(event())).status).toBe(204);
    await app.sql(`UPDATE organizations SET status = 'suspended' WHERE id = $1`, [
      fromPublicId('organization', store.key.organizationId),
    ]);
    expect((await sendEvents(event())).status).toBe(404);
  });

  it('are bounded by address, of IPv6 by its network, and nobody else has to wait', async () => {
    const from = (address: string) => send('{}', { address });
    for (const [first, same, other] of [
      ['203.0.113.7', '203.0.113.7', '203.0.113.8'],
      ['2001:db8:0:7::1', '2001:db8:0:7:ffff::2', '2001:db8:0:8::1'],
    ] as const) {
      const answers = await Promise.all(Array.from({ length: MOST_REQUESTS }, () => from(first)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
      const refused = await from(same);
      expect([refused.status, (await errorOf(refused)).code]).toEqual([429, 'TOO_MANY_PAGE_EVENTS']);
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(55);
      expect(seconds).toBeLessThanOrEqual(60);
      expect((await from(other)).status).toBe(400);
    }
  });

  it('behind https come from the public address alone', async () => {
    const environment = { PUBLIC_URL: 'https://pages.example.com' };
    const secure = await startTestApp({ environment, database: app.database });
    const from = (Origin: string) =>
      fetch(`${secure.url}/a/${store.key.storeId}/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin },
        body: JSON.stringify({ events: [event()] }),
      });
    expect((await from('https://pages.example.com')).status).toBe(204);
    expect((await from(secure.url)).status).toBe(403);
    await secure.close();
  });
});
