import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Caller, Calls, refusalOf } from '../keys/key-calls.js';

interface OrganizationView {
  id: string;
  name: string;
  status: string;
  plan: string;
  limits: Record<string, unknown>;
  stores: { id: string; kind: string }[];
}

const PASSWORD = 'another password for tests';
const PLANS_OWN = {
  hour: 'plan',
  day: 'plan',
  pollSeconds: 'plan',
  activeKeysPerStore: 'plan',
  highestLevel: 'plan',
};

let app: TestApp;
let calls: Calls;
let operator: Caller;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  operator = await app.signIn();
});
afterAll(() => app.close());

const create = (body: object) => calls.call<OrganizationView>(operator, 'post', '/organizations').send(body);
const patch = (id: string, body: object) =>
  calls.call<OrganizationView>(operator, 'patch', `/organizations/${id}`).send(body);
const signIn = async (email: string) => {
  const answer = await app.request.post('/api/v1/session').send({ email, password: PASSWORD });
  const cookie =
    ((answer.headers['set-cookie'] as unknown as string[] | undefined)?.[0] ?? '').split(';')[0] ?? '';
  return { status: answer.status, cookie, csrfToken: (answer.body as { csrfToken: string }).csrfToken };
};

describe('creating an organization', () => {
  it('makes its store with a sandbox, and its first administrator, who is no operator', async () => {
    const email = 'first@example.org';
    const { status, body } = await create({
      name: 'New customer',
      plan: 'pro',
      admin: { email, password: PASSWORD },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'New customer', plan: 'pro', status: 'active', limits: PLANS_OWN });
    expect(body.stores.map(({ kind }) => kind).sort()).toEqual(['live', 'sandbox']);
    const session = await signIn(email);
    expect(session.status).toBe(200);
    const own = await calls.call<OrganizationView>(session, 'get', '/organization').expect(200);
    expect(own.body.id).toBe(body.id);
    expect((await calls.call(session, 'get', '/organizations')).status).toBe(403);
    const listed = await calls
      .call<{ data: OrganizationView[] }>(operator, 'get', '/organizations?limit=100')
      .expect(200);
    expect(listed.body.data).toContainEqual(body);
  });

  it.each<[object, string]>([
    [{ plan: 'platinum' }, 'plan'],
    [{ name: '' }, 'name'],
    [{ admin: { email: 'nobody', password: PASSWORD } }, 'admin.email'],
    [{ admin: { email: 'short@example.org', password: 'short' } }, 'admin.password'],
    [{ admin: {} }, 'admin.email'],
    [{ operator: true }, 'operator'],
  ])('refuses %j, and leaves nothing', async (wrong, field) => {
    const name = `Refused for ${field}`;
    const answer = await create({
      name,
      plan: 'pro',
      admin: { email: 'x@example.org', password: PASSWORD },
      ...wrong,
    });
    expect(refusalOf(answer)).toEqual([400, 'INVALID_INPUT', expect.objectContaining({ field })]);
    expect(await app.sql('SELECT 1 FROM organizations WHERE name = $1', [name])).toEqual([]);
  });

  it('refuses an address that somebody has, and leaves nothing', async () => {
    const answer = await create({
      name: 'Taken',
      plan: 'pro',
      admin: { email: app.admin.email, password: PASSWORD },
    });
    expect(refusalOf(answer)[1]).toBe('CONFLICT');
    expect(await app.sql(`SELECT 1 FROM organizations WHERE name = 'Taken'`)).toEqual([]);
  });
});

describe('an organization’s plan and limits', () => {
  it('bind its keys’ next request, and its headers', async () => {
    const key = await app.createKey({ plan: 'hourly-starter' });
    const limits = async (body: object) => {
      await patch(key.organizationId, body).expect(200);
      const { headers } = await calls.call(key, 'get', '/campaigns').expect(200);
      return [headers['x-ratelimit-limit'], headers['ratelimit-policy']];
    };
    expect(await limits({})).toEqual(['100', '"hour";q=100;w=3600']);
    expect(await limits({ plan: 'hourly-scale' })).toEqual(['2000', '"hour";q=2000;w=3600']);
    expect(await limits({ limits: { day: 50 } })).toEqual(['50', '"hour";q=2000;w=3600, "day";q=50;w=86400']);
    expect(await limits({ limits: { hour: null } })).toEqual(['50', '"day";q=50;w=86400']);
    expect(await limits({ limits: { day: null } })).toEqual([undefined, undefined]);
    expect(await limits({ limits: { hour: 'plan', day: 'plan' } })).toEqual(['2000', '"hour";q=2000;w=3600']);
    await patch(key.organizationId, { limits: { hour: 7 } }).expect(200);
    expect(await calls.use(key.token)).toBe('ok');
    expect(await calls.use(key.token)).toBe('QUOTA_EXCEEDED');
    await patch(key.organizationId, { limits: { hour: 8 } }).expect(200);
    expect(await calls.use(key.token)).toBe('ok');
  });

  it('are a number, "plan" or null; what is not named stays', async () => {
    const key = await calls.admin({ plan: 'pro' });
    const limitsAfter = async (limits: object) =>
      (await patch(key.organizationId, { limits }).expect(200)).body.limits;
    expect(await limitsAfter({ hour: 5, pollSeconds: null, highestLevel: 'write' })).toEqual({
      ...PLANS_OWN,
      hour: 5,
      pollSeconds: null,
      highestLevel: 'write',
    });
    expect(await limitsAfter({ activeKeysPerStore: null })).toEqual({
      ...PLANS_OWN,
      hour: 5,
      pollSeconds: null,
      highestLevel: 'write',
      activeKeysPerStore: null,
    });
    expect(
      await limitsAfter({
        hour: 'plan',
        pollSeconds: 'plan',
        activeKeysPerStore: 'plan',
        highestLevel: 'plan',
      }),
    ).toEqual(PLANS_OWN);
  });

  it('cap what keys may do, and how often they may ask the same', async () => {
    const key = await calls.admin({ plan: 'pro' });
    const twice = async () => [await calls.use(key.token), await calls.use(key.token)];
    expect(await twice()).toEqual(['ok', 'POLLING_TOO_FAST']);
    await patch(key.organizationId, { limits: { pollSeconds: null } }).expect(200);
    expect(await twice()).toEqual(['ok', 'ok']);
    const write = async () =>
      (await calls.call(key, 'post', '/campaigns').send({ name: 'X', platform: 'email' })).status;
    await patch(key.organizationId, { limits: { highestLevel: 'read' } }).expect(200);
    expect(await write()).toBe(403);
    await patch(key.organizationId, { limits: { highestLevel: 'plan' } }).expect(200);
    expect(await write()).toBe(201);
  });

  it.each<[object, string]>([
    [{ limits: { hour: 0 } }, 'limits.hour'],
    [{ limits: { day: -1 } }, 'limits.day'],
    [{ limits: { hour: 1.5 } }, 'limits.hour'],
    [{ limits: { hour: 2_147_483_647 } }, 'limits.hour'],
    [{ limits: { hour: 'none' } }, 'limits.hour'],
    [{ limits: { activeKeysPerStore: '5' } }, 'limits.activeKeysPerStore'],
    [{ limits: { highestLevel: 'none' } }, 'limits.highestLevel'],
    [{ limits: { minute: 5 } }, 'limits.minute'],
    [{ limits: null }, 'limits'],
    [{ plan: 'platinum' }, 'plan'],
    [{ status: 'closed' }, 'status'],
  ])('are never %j', async (body, field) => {
    const { organizationId } = await app.createKey();
    expect(refusalOf(await patch(organizationId, body))).toEqual([
      400,
      'INVALID_INPUT',
      expect.objectContaining({ field }),
    ]);
  });
});

describe('a suspended organization', () => {
  it('has its keys and members refused from the next request on, until it is active again', async () => {
    const email = 'suspended@example.org';
    const { body } = await create({
      name: 'Late payer',
      plan: 'pro',
      admin: { email, password: PASSWORD },
    }).expect(201);
    const session = await signIn(email);
    const key = await app.createKey({ storeId: body.stores[0]?.id });
    const outcomes = async () => {
      const member = await calls.call(session, 'get', '/organization');
      return [await calls.use(key.token), member.status === 200 ? 'ok' : member.body.error.code];
    };
    await patch(body.id, { limits: { pollSeconds: null } }).expect(200);
    expect(await outcomes()).toEqual(['ok', 'ok']);
    expect((await patch(body.id, { status: 'suspended' }).expect(200)).body.status).toBe('suspended');
    expect(await outcomes()).toEqual(['ORGANIZATION_SUSPENDED', 'ORGANIZATION_SUSPENDED']);
    const self = await calls.call(key, 'post', `/keys/${key.id}/revoke`);
    expect(refusalOf(self)[0]).toBe(403);
    const listed = await calls
      .call<{ data: { id: string }[] }>(operator, 'get', '/organizations?status=suspended')
      .expect(200);
    expect(listed.body.data.map(({ id }) => id)).toEqual([body.id]);
    await patch(body.id, { status: 'active' }).expect(200);
    expect(await outcomes()).toEqual(['ok', 'ok']);
  });
});

describe('organizations', () => {
  it('are for operators alone', async () => {
    const admin = await calls.admin();
    const answers = [
      await calls.call(admin, 'get', '/organizations'),
      await calls.call(admin, 'post', '/organizations').send({}),
      await calls.call(admin, 'patch', `/organizations/${admin.organizationId}`).send({ plan: 'agency' }),
    ];
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(
      answers.map(() => [403, 'PERMISSION_DENIED']),
    );
  });

  it('change for the version it was meant for alone; those that are not are not found', async () => {
    const { organizationId } = await app.createKey();
    const { headers } = await patch(organizationId, { name: 'First' }).expect(200);
    const again = (name: string) => patch(organizationId, { name }).set('If-Match', headers['etag'] ?? '');
    await again('Second').expect(200);
    expect((await again('Third')).status).toBe(412);
    expect((await patch('org_01h455vb4pex5vsknk084sn02q', { name: 'X' })).status).toBe(404);
    expect((await patch('nonsense', { name: 'X' })).status).toBe(404);
  });
});

describe('the plans', () => {
  it('are listed for any key, limits that are none as null', async () => {
    const key = await app.createKey({ permissions: {} });
    const { body } = await calls.call<{ data: object[] }>(key, 'get', '/plans').expect(200);
    expect(body.data).toHaveLength(7);
    expect(body.data).toContainEqual({
      id: 'starter',
      name: 'Starter',
      hourLimit: null,
      dayLimit: 30,
      pollSeconds: 3600,
      highestLevel: 'read',
      activeKeysPerStore: 10,
    });
  });
});
