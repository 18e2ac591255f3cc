import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Caller, Calls, uuidOf } from '../keys/key-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface Entry {
  at: string;
  actor: { type: string; id: string; name: string | null };
  plan: { from: string | null; to: string } | null;
  limits: Record<string, { from: unknown; to: unknown }>;
  status: { from: string | null; to: string } | null;
}

interface Page {
  data: Entry[];
  pagination: { totalCount: number; hasMore: boolean; nextCursor: string | null };
}

const MADE = {
  at: expect.stringMatching(/^\d{4}-.*Z$/),
  actor: { type: 'system', id: 'test', name: null },
  plan: { from: null, to: 'pro' },
  limits: {},
  status: { from: null, to: 'active' },
};

let app: TestApp;
let calls: Calls;
let operator: Caller;
let operatorId: string;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  operator = await app.signIn();
  const me = await calls.call<{ id: string }>(operator, 'get', '/me').expect(200);
  operatorId = me.body.id;
});
afterAll(() => app.close());

const patch = (id: string, body: object) =>
  calls.call(operator, 'patch', `/organizations/${id}`).send(body).expect(200);
const historyOf = async (id: string, query = ''): Promise<Page> =>
  (await calls.call<Page>(operator, 'get', `/organizations/${id}/plan-history${query}`).expect(200)).body;
const ownHistory = async (caller: Caller): Promise<Page> =>
  (await calls.call<Page>(caller, 'get', '/organization/plan-history').expect(200)).body;

describe('the history of a plan', () => {
  it('has every change of plan, limits and status in the API’s words, newest first, and nothing else', async () => {
    const { organizationId } = await calls.admin({ plan: 'pro' });
    await patch(organizationId, { plan: 'agency', limits: { hour: 500, pollSeconds: null } });
    await patch(organizationId, { name: 'Another name', idleKeyDays: 90 });
    await patch(organizationId, { plan: 'agency' });
    await patch(organizationId, { limits: { hour: null, highestLevel: 'read' } });
    await patch(organizationId, { status: 'suspended' });
    await patch(organizationId, { status: 'active', name: 'A third', limits: { hour: 'plan' } });

    const at = expect.any(String);
    const actor = { type: 'member', id: operatorId, name: expect.any(String) };
    const { data, pagination } = await historyOf(organizationId);
    expect(data).toEqual([
      {
        at,
        actor,
        plan: null,
        limits: { hour: { from: null, to: 'plan' } },
        status: { from: 'suspended', to: 'active' },
      },
      { at, actor, plan: null, limits: {}, status: { from: 'active', to: 'suspended' } },
      {
        at,
        actor,
        plan: null,
        limits: { hour: { from: 500, to: null }, highestLevel: { from: 'plan', to: 'read' } },
        status: null,
      },
      {
        at,
        actor,
        plan: { from: 'pro', to: 'agency' },
        limits: { hour: { from: 'plan', to: 500 }, pollSeconds: { from: 'plan', to: null } },
        status: null,
      },
      MADE,
    ]);
    expect(pagination).toMatchObject({ totalCount: 5, hasMore: false, nextCursor: null });
    const times = data.map((entry) => entry.at);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('is cut into pages that a cursor leads through; a cursor holds for its own organization alone', async () => {
    const { organizationId } = await calls.admin({ plan: 'pro' });
    for (const day of [1, 2, 3, 4]) await patch(organizationId, { limits: { day } });
    const seen: unknown[] = [];
    let query = '?limit=2';
    for (let page = await historyOf(organizationId, query); ; page = await historyOf(organizationId, query)) {
      seen.push(...page.data.map(({ limits }) => limits['day']?.to ?? 'made'));
      expect(page.pagination.totalCount).toBe(5);
      if (page.pagination.nextCursor === null) break;
      query = `?limit=2&cursor=${page.pagination.nextCursor}`;
    }
    expect(seen).toEqual([4, 3, 2, 1, 'made']);
    const oldest = await historyOf(organizationId, '?limit=1&sortOrder=asc');
    expect(oldest.data).toEqual([MADE]);

    const other = await calls.admin();
    const foreign = `/organizations/${other.organizationId}/plan-history${query}`;
    expect((await calls.call(operator, 'get', foreign)).status).toBe(400);
    const unknown = `/organizations/${organizationId}/plan-history?sortBy=at`;
    expect((await calls.call(operator, 'get', unknown)).status).toBe(400);
  });

  it('names SQL typed by hand as the database', async () => {
    const admin = await calls.admin({ plan: 'pro' });
    await app.sql(`UPDATE organizations SET plan_id = 'agency', hour_limit = 7 WHERE id = $1`, [
      uuidOf('organization', admin.organizationId),
    ]);
    const [first] = (await ownHistory(admin)).data;
    expect(first).toEqual({
      at: expect.any(String),
      actor: { type: 'database', id: expect.stringMatching(/./), name: null },
      plan: { from: 'pro', to: 'agency' },
      limits: { hour: { from: 'plan', to: 7 } },
      status: null,
    });
  });
});

describe('one’s own history', () => {
  it('is that of one’s organization alone; an operator of another organization has no name there', async () => {
    const [one, two] = [await calls.admin({ plan: 'pro' }), await calls.admin({ plan: 'pro' })];
    await patch(one.organizationId, { limits: { hour: 11 } });
    await patch(two.organizationId, { limits: { hour: 22 } });
    for (const [admin, hour] of [
      [one, 11],
      [two, 22],
    ] as const) {
      expect((await ownHistory(admin)).data).toEqual([
        {
          at: expect.any(String),
          actor: { type: 'member', id: operatorId, name: null },
          plan: null,
          limits: { hour: { from: 'plan', to: hour } },
          status: null,
        },
        MADE,
      ]);
      const another = admin === one ? two : one;
      const asked = await calls.call(admin, 'get', `/organizations/${another.organizationId}/plan-history`);
      expect([asked.status, asked.body.error.code]).toEqual([403, 'PERMISSION_DENIED']);
    }
    // The operator's own organization knows them.
    const own = (await ownHistory(operator)).data;
    expect(own.at(-1)?.actor).toEqual({ type: 'system', id: 'first-start', name: null });
  });

  it('needs the right to read the organization, and is none of a test key’s', async () => {
    const reader = await app.createKey({ role: 'read-only' });
    const test = await app.createKey({ role: 'admin', sandbox: true });
    for (const key of [reader, test]) {
      expect((await calls.call(key, 'get', '/organization/plan-history')).status).toBe(403);
    }
    const granted = await app.createKey({
      role: 'admin',
      permissions: { 'settings.organization': 'read' },
    });
    expect((await ownHistory(granted)).data).toHaveLength(1);
  });

  it('of an organization that is none is not found', async () => {
    const absent = await calls.call(
      operator,
      'get',
      '/organizations/org_01h455vb4pex5vsknk084sn02q/plan-history',
    );
    expect([absent.status, absent.body.error.code]).toEqual([404, 'NOT_FOUND']);
  });
});
