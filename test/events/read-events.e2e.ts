import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId, newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { call, codeOf, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { runJob } from '../keys/key-life.js';
import { numberAll } from './event-log.js';

interface EventView {
  readonly id: string;
  readonly sequence: number;
  readonly type: string;
  readonly organizationId: string | null;
  readonly storeId: string | null;
  readonly subjectId: string;
  readonly requestId: string | null;
  readonly timestamp: string;
  readonly data: Record<string, unknown>;
}

interface EventPage {
  readonly data: EventView[];
  readonly pagination: { limit: number; hasMore: boolean; next: number; swept: number; newest: number };
}

let app: TestApp;
let admin: TestKey;
let other: TestKey;

const get = (path: string, token = admin.token) => call(app.url, `/api/v1${path}`, { token });
const page = async (query = '', token = admin.token) => json<EventPage>(await get(`/events?${query}`, token));
const typesOf = ({ data }: EventPage) => data.map(({ type }) => type);

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.createKey({ role: 'admin' });
  other = await app.createKey({ role: 'admin' });
  for (const name of ['Spring', 'Summer', 'Autumn']) {
    await call(app.url, '/api/v1/campaigns', {
      method: 'POST',
      token: admin.token,
      body: { name, platform: 'email' },
    });
  }
  await numberAll(app);
});
afterAll(() => app.close());

describe('GET /events', () => {
  it('answers the organization’s events alone, the oldest first, by their numbers', async () => {
    const { data, pagination } = await page('limit=100');
    expect(data.map(({ sequence }) => sequence)).toEqual(data.map((_, index) => index + 1));
    expect(new Set(data.map(({ organizationId }) => organizationId))).toEqual(
      new Set([admin.organizationId]),
    );
    expect(data.at(-1)).toMatchObject({
      type: 'campaign.created',
      storeId: admin.storeId,
      data: { name: 'Autumn' },
    });
    expect(data.at(-1)?.requestId).toMatch(/^req_/);
    expect(data.at(-1)?.timestamp).toMatch(/^\d{4}-.*Z$/);
    expect(data.at(-1)?.subjectId).toBe(data.at(-1)?.data['id']);
    expect(pagination).toEqual({
      limit: 100,
      hasMore: false,
      next: data.length,
      swept: 0,
      newest: data.length,
    });
  });

  it('goes on where the answer before ended, on pages of any length', async () => {
    const { data: all } = await page('limit=100');
    const walked: EventView[] = [];
    for (let after = 0, more = true; more;) {
      const { data, pagination } = await page(`after=${after}&limit=2`);
      walked.push(...data);
      after = pagination.next;
      more = pagination.hasMore;
    }
    expect(walked).toEqual(all);
    expect(await page(`after=${all.length}`)).toMatchObject({
      data: [],
      pagination: { hasMore: false, next: all.length },
    });
  });

  it('shows no event before it has its number', async () => {
    const { pagination: before } = await page('limit=100');
    const id = newUuid();
    await app.sql(
      `INSERT INTO events (id, type, organization_id, subject_id, data) VALUES ($1, 'test.happened', $2, 'none', '{}')`,
      [id, fromPublicId('organization', admin.organizationId)],
    );
    expect(await page(`after=${before.newest}`)).toMatchObject({ data: [], pagination: { hasMore: false } });
    expect((await get(`/events/${toPublicId('event', id)}`)).status).toBe(404);
    await numberAll(app);
    expect(typesOf(await page(`after=${before.newest}`))).toEqual(['test.happened']);
    expect((await get(`/events/${toPublicId('event', id)}`)).status).toBe(200);
  });

  it('answers some types alone, by their whole names or their first words', async () => {
    expect(typesOf(await page('types=store.created,key.*'))).toEqual(['store.created', 'key.created']);
    expect(typesOf(await page('types=campaign.*'))).toEqual(Array(3).fill('campaign.created'));
    expect(typesOf(await page('types=campaign'))).toEqual([]);
    expect(await page('types=*&limit=100')).toEqual(await page('limit=100'));
    // what lies between is passed over, and need not be asked for again
    const { pagination } = await page('types=store.created');
    expect(pagination.next).toBe(pagination.newest);
    for (const types of ['', 'Key.created', 'key.*.x', 'key,,store', '*.created', 'key.']) {
      expect(codeOf(await get(`/events?types=${types}`))).toBe('INVALID_INPUT');
    }
  });

  it('answers one store’s events alone', async () => {
    const { data } = await page(`storeId=${admin.storeId}&limit=100`);
    expect(new Set(data.map(({ storeId }) => storeId))).toEqual(new Set([admin.storeId]));
    expect((await page(`storeId=${other.storeId}`)).data).toEqual([]);
  });

  it('looks through ten thousand numbers for a page, and tells how far it came', async () => {
    const busy = await app.createKey({ role: 'admin' });
    const organization = fromPublicId('organization', busy.organizationId);
    await app.sql(
      `INSERT INTO events (id, type, organization_id, subject_id, data)
       SELECT gen_random_uuid(), CASE WHEN n = 10500 THEN 'test.rare' ELSE 'test.happened' END, $1, 'none', '{}'
       FROM generate_series(1, 10500) AS n`,
      [organization],
    );
    await numberAll(app);
    const first = await page('types=test.rare', busy.token);
    expect(first).toMatchObject({ data: [], pagination: { hasMore: true, next: 10_000 } });
    const second = await page('types=test.rare&after=10000', busy.token);
    expect(typesOf(second)).toEqual(['test.rare']);
    expect(second.pagination.hasMore).toBe(false);
  });

  it('refuses a number that there is not: the reader comes from another log', async () => {
    const { pagination } = await page();
    const answer = await get(`/events?after=${pagination.newest + 1}`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('"field":"after"');
    expect(codeOf(await get('/events?after=-1'))).toBe('INVALID_INPUT');
  });

  it('needs read on settings.events, and a key of the whole organization', async () => {
    const reader = await app.createKey({
      storeId: admin.storeId,
      permissions: { 'settings.events': 'read' },
      role: 'admin',
    });
    expect((await get('/events', reader.token)).status).toBe(200);
    const without = await app.createKey({
      storeId: admin.storeId,
      permissions: { 'settings.keys': 'read' },
      role: 'admin',
    });
    expect(codeOf(await get('/events', without.token))).toBe('PERMISSION_DENIED');
  });

  it('may be polled: the plan’s interval does not apply', async () => {
    const slow = await app.createKey({ role: 'admin' });
    await app.sql('UPDATE organizations SET poll_seconds = 60 WHERE id = $1', [
      fromPublicId('organization', slow.organizationId),
    ]);
    const asked = [await get('/campaigns', slow.token), await get('/campaigns', slow.token)];
    expect(asked.map(({ status }) => status)).toEqual([200, 429]);
    const polled = [await get('/events', slow.token), await get('/events', slow.token)];
    expect(polled.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('GET /events/{id}', () => {
  it('answers an event as the list does', async () => {
    const [event] = (await page()).data;
    expect(json(await get(`/events/${event?.id}`))).toEqual(event);
  });

  it('knows no event of another organization', async () => {
    const [event] = (await page()).data;
    expect(codeOf(await get(`/events/${event?.id}`, other.token))).toBe('NOT_FOUND');
  });
});

describe('old events', () => {
  it('are swept after 90 days, and whoever asks for them is told from where to go on', async () => {
    const old = await app.createKey({ role: 'admin' });
    const organization = fromPublicId('organization', old.organizationId);
    await numberAll(app);
    const all = (await page('limit=100', old.token)).data;
    expect(all.length).toBeGreaterThan(2);
    await app.sql(
      `UPDATE events SET numbered_at = now() - interval '91 days' WHERE organization_id = $1 AND sequence <= 2`,
      [organization],
    );
    await runJob(app, 'events.sweep');
    const answer = await get('/events?after=1', old.token);
    expect([answer.status, codeOf(answer)]).toEqual([410, 'EVENTS_GONE']);
    expect(answer.text).toContain('"details":{"swept":2}');
    expect((await page('after=2', old.token)).data).toEqual(all.slice(2));
    // without a number, from the oldest that is kept
    const { data, pagination } = await page('', old.token);
    expect([data, pagination.swept]).toEqual([all.slice(2), 2]);
    expect(codeOf(await get(`/events/${all[0]?.id}`, old.token))).toBe('NOT_FOUND');
    // others' are untouched
    expect((await page('after=0')).pagination.swept).toBe(0);
  });

  it('leave their numbers taken when none is left', async () => {
    const gone = await app.createKey({ role: 'admin' });
    const organization = fromPublicId('organization', gone.organizationId);
    await numberAll(app);
    const { newest } = (await page('', gone.token)).pagination;
    await app.sql(`UPDATE events SET numbered_at = now() - interval '91 days' WHERE organization_id = $1`, [
      organization,
    ]);
    await runJob(app, 'events.sweep');
    expect(await page('', gone.token)).toMatchObject({
      data: [],
      pagination: { next: newest, swept: newest, newest },
    });
    await app.createKey({ storeId: gone.storeId });
    await numberAll(app);
    expect((await page(`after=${newest}`, gone.token)).data.map(({ sequence }) => sequence)).toEqual([
      newest + 1,
    ]);
  });
});
