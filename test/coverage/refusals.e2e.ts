import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MountedRoute } from '../../src/gate/index.js';
import { newToken } from '../../src/keys/index.js';
import { Database } from '../../src/platform/database/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { RolesService } from '../../src/roles/index.js';
import { type Answer, call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { BEHIND_PROXY, logRowsOf, nameOf, refusalOf, visit, type Walk, walkOf } from './walk.js';

let app: TestApp;
let walk: Walk;

beforeAll(async () => {
  app = await startTestApp({ environment: BEHIND_PROXY });
  walk = walkOf(app);
});
afterAll(() => app.close());

/** Calls each route with a token, and expects one refusal of all of them. */
async function expectEach(
  routes: readonly MountedRoute[],
  status: number,
  code: string,
  send: (route: MountedRoute) => Promise<Answer>,
  keyId?: string,
): Promise<void> {
  const refusals = await Promise.all(
    routes.map(async (route) => refusalOf(app, route, await send(route), keyId)),
  );
  expect(refusals).toEqual(routes.map((route) => ({ route: nameOf(route), status, code, faults: [] })));
}

/** A key whose role, one of its organization's own, grants nothing. */
async function createPowerlessKey(): Promise<TestKey> {
  const { organizationId, storeId } = await app.createKey();
  const role = await app.get(Database).write({ actor: { type: 'system', id: 'test' } }, (tx) =>
    app.get(RolesService).create(tx, fromPublicId('organization', organizationId) ?? '', {
      name: 'nothing',
      description: '',
      grants: {},
    }),
  );
  return app.createKey({ storeId, roleId: role.id });
}

/** Of a session, a password, a second factor: a key has none of them. */
const isForMembers = ({ path }: MountedRoute) => path === '/api/v1/session' || path.startsWith('/api/v1/me/');
const needsLevel = ({ declaration }: MountedRoute) => declaration.level !== 'none';

it('walks routes of every kind', () => {
  expect(walk.gated.length).toBeGreaterThan(20);
  expect(new Set(walk.gated.map(({ method }) => method))).toEqual(
    new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  );
});

describe('every route behind the gate refuses, in the one shape and with one row of the log,', () => {
  it('a request without a key', async () => {
    await expectEach(walk.gated, 401, 'KEY_MISSING', (route) => visit(walk, route));
  });

  it('a malformed token', async () => {
    const token = `${newToken('gate', 'live').slice(0, -1)}!`;
    await expectEach(walk.gated, 401, 'KEY_MALFORMED', (route) => visit(walk, route, { token }));
  });

  it('a well-formed token that no key has', async () => {
    const token = newToken('gate', 'live');
    await expectEach(walk.gated, 401, 'KEY_UNKNOWN', (route) => visit(walk, route, { token }));
  });

  it('an expired key', async () => {
    const { token, id } = await app.createKey({ role: 'admin', expiresAt: new Date(Date.now() - 60_000) });
    await expectEach(walk.gated, 401, 'KEY_EXPIRED', (route) => visit(walk, route, { token }), id);
  });

  it('a revoked key, also one that was let in before', async () => {
    const { token, id } = await app.createKey({ role: 'admin' });
    const revoked = await call(app.url, `/api/v1/keys/${id}/revoke`, { method: 'POST', token, body: {} });
    expect(revoked.status).toBe(200);
    await expectEach(walk.gated, 401, 'KEY_REVOKED', (route) => visit(walk, route, { token }), id);
  });
});

describe('every route that needs a level', () => {
  it('refuses a key whose role grants nothing, and says what is missing', async () => {
    const key = await createPowerlessKey();
    const parameters = { storeId: key.storeId };
    const routes = walk.gated.filter(needsLevel);
    await expectEach(
      routes,
      403,
      'PERMISSION_DENIED',
      (route) => visit(walk, route, { token: key.token, parameters }),
      key.id,
    );
    for (const route of routes.filter(({ declaration }) => !declaration.operatorOnly)) {
      const answer = await visit(walk, route, { token: key.token, parameters });
      const { details } = (JSON.parse(answer.text) as { error: { details: unknown } }).error;
      const { resource, level } = route.declaration;
      expect([nameOf(route), details]).toEqual([
        nameOf(route),
        { resource, required: level, granted: 'none', limitedBy: 'role' },
      ]);
    }
  });

  it('lets the key through where it alone is meant: on itself', async () => {
    for (const route of walk.gated.filter(({ declaration }) => declaration.selfParameter !== null)) {
      const key = await createPowerlessKey();
      const parameters = { [route.declaration.selfParameter ?? '']: key.id };
      const answer = await visit(walk, route, { token: key.token, parameters });
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), 200]);
    }
  });
});

describe('every route that needs no level', () => {
  it('asks for a key and for nothing more', async () => {
    const key = await createPowerlessKey();
    const routes = walk.gated.filter(
      (route) => !needsLevel(route) && !route.declaration.operatorOnly && !isForMembers(route),
    );
    expect(routes.map(nameOf)).toContain('GET /api/v1/me');
    for (const route of routes) {
      const answer = await visit(walk, route, { token: key.token });
      expect([nameOf(route), answer.status < 400]).toEqual([nameOf(route), true]);
      expect(await logRowsOf(app, answer)).toEqual([
        {
          method: route.method,
          route: route.path,
          status: answer.status,
          errorCode: null,
          keyId: fromPublicId('key', key.id),
        },
      ]);
    }
  });
});

describe('every route of a store', () => {
  it.each([
    ['another organization’s', async () => (await app.createKey()).storeId],
    ['one that is not there', () => Promise.resolve(undefined)],
    ['no id of a store', () => Promise.resolve('sto_x')],
  ])('is 404 with %s', async (_, storeOf) => {
    const key = await app.createKey({ role: 'admin' });
    const parameters = { storeId: await storeOf() };
    const routes = walk.gated.filter(({ path }) => /\/:storeId(\/|$)/.test(path));
    expect(routes.length).toBeGreaterThan(0);
    await expectEach(
      routes,
      404,
      'NOT_FOUND',
      (route) => visit(walk, route, { token: key.token, parameters }),
      key.id,
    );
  });
});

describe('every route for operators', () => {
  it('refuses a key, whatever its role', async () => {
    const key = await app.createKey({ role: 'admin' });
    const parameters = { storeId: key.storeId };
    await expectEach(
      walk.gated.filter(({ declaration }) => declaration.operatorOnly),
      403,
      'PERMISSION_DENIED',
      (route) => visit(walk, route, { token: key.token, parameters }),
      key.id,
    );
  });
});

describe('a public route', () => {
  it('asks nobody who he is', async () => {
    const routes = walk.routes.filter(({ declaration }) => declaration.public);
    expect(routes.map(nameOf)).toEqual([
      'POST /api/v1/invitations/accept',
      'POST /api/v1/leaks',
      'GET /api/v1/openapi.json',
      'POST /api/v1/password-resets',
      'POST /api/v1/password-resets/confirm',
      'GET /api/v1/routes',
      'POST /api/v1/session',
      'GET /api/v1/token-format',
    ]);
    for (const route of routes) {
      const answer = await visit(walk, route);
      // There is nobody whose reports of leaks are believed.
      const status = route.path === '/api/v1/leaks' ? 404 : route.method === 'POST' ? 400 : 200;
      expect([nameOf(route), answer.status]).toEqual([nameOf(route), status]);
      expect(await logRowsOf(app, answer)).toMatchObject([
        { route: route.path, status: answer.status, keyId: null },
      ]);
    }
  });
});

describe('a path that no route has', () => {
  const paths = [
    '/api/v1/nothing',
    '/api/nothing',
    '/nothing',
    '/api/v1/campaigns/a/b/c',
    '/api/v2/campaigns',
    '/api/v1',
    '/api/?x=1',
    '/',
    '/docs/api/nothing',
  ];
  const unmatched = (method: string) =>
    ({ method, path: '/api/v1/*path' }) as Pick<MountedRoute, 'method' | 'path'> as MountedRoute;

  it.each(['GET', 'POST', 'DELETE'])('is 401 for strangers and 404 with a key, by %s', async (method) => {
    const { token, id } = await app.createKey();
    for (const path of paths) {
      const stranger = await call(app.url, path, { method });
      expect(await refusalOf(app, unmatched(method), stranger)).toMatchObject({
        code: 'KEY_MISSING',
        faults: [],
      });
      const known = await call(app.url, path, { method, token });
      expect(await refusalOf(app, unmatched(method), known, id)).toMatchObject({
        code: 'NOT_FOUND',
        faults: [],
      });
    }
  });
});
