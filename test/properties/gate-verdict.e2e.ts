import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Level, LEVELS } from '../../src/platform/http/index.js';
import { type Grants, ResourceRegistry } from '../../src/roles/index.js';
import { nameOf, visit, type Walk, walkOf } from '../coverage/walk.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { type Caller, Calls, uuidOf } from '../keys/key-calls.js';
import { People } from '../members/people.js';
import { codeOf } from '../support/http-client.js';
import { SEED } from './seed.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

const RUNS = 60;
const ROUTES_PER_RUN = 12;
const EDITED_RUNS = 12;
const EDITS = 6;
const ROUTES_PER_EDIT = 4;

let app: TestApp;
let calls: Calls;
let walk: Walk;
let names: string[];
let people: People;
let routes: Walk['gated'];

beforeAll(async () => {
  app = await startTestApp({ environment: { TRUST_PROXY: '1' } });
  calls = new Calls(app);
  walk = walkOf(app);
  people = new People(app);
  routes = walk.gated.filter(
    ({ declaration: { resource, operatorOnly } }) => resource !== null && !operatorOnly,
  );
  const resources = app.get(ResourceRegistry).list();
  // categories more often than resources, so that much is allowed
  const categories = ['content', 'analytics', 'compliance', 'settings'];
  names = [...resources.map(({ name }) => name), ...categories, ...categories, ...categories];
});
afterAll(() => app.close());

/** The whole rule, in ten lines: the least of role, narrowing map, plan and what the resource has, against the route. */
function isAllowed(
  resource: string,
  needed: Level,
  role: Grants,
  narrowing: Grants | null,
  cap: Level,
): boolean {
  const known = app.get(ResourceRegistry).list();
  const direct = (grants: Grants, name: string) =>
    Math.max(...[name, name.split('.')[0] ?? ''].map((own) => LEVELS.indexOf(grants[own] ?? 'none')));
  const related = (grants: Grants) =>
    known.some(({ name, relates }) => relates.includes(resource) && direct(grants, name) > 0) ? 1 : 0;
  const maps = [role, ...(narrowing ? [narrowing] : [])];
  const highest = known.find(({ name }) => name === resource)?.highest ?? 'none';
  const levels = maps.map((grants) => Math.max(direct(grants, resource), related(grants)));
  return Math.min(...levels, LEVELS.indexOf(cap), LEVELS.indexOf(highest)) >= LEVELS.indexOf(needed);
}

const grantsArbitrary = fc.array(fc.tuple(fc.nat(), fc.constantFrom(...LEVELS)), { maxLength: 6 });
const grantsFrom = (choices: [number, Level][]): Grants =>
  Object.fromEntries(choices.map(([index, level]) => [names[index % names.length] ?? '', level]));

describe('the running gate', () => {
  it('lets through what role, narrowing map and plan together allow, and nothing else', async () => {
    const seen = { allowed: 0, denied: 0 };
    await fc.assert(
      fc.asyncProperty(
        grantsArbitrary,
        fc.option(grantsArbitrary, { freq: 1 }),
        fc.constantFrom<Level>('read', 'write', 'admin'),
        fc.array(fc.nat(), { minLength: ROUTES_PER_RUN, maxLength: ROUTES_PER_RUN }),
        async (choices, narrowing, cap, picks) => {
          const organization = await app.createKey();
          await app.sql('UPDATE organizations SET highest_level = $2 WHERE id = $1', [
            uuidOf('organization', organization.organizationId),
            cap,
          ]);
          const role = grantsFrom(choices);
          const permissions = narrowing === null ? null : grantsFrom(narrowing);
          const roleId = await calls.role(organization.organizationId, role);
          const key = await app.createKey({ storeId: organization.storeId, roleId, permissions });
          for (const pick of picks) {
            const route = routes[pick % routes.length];
            if (!route) throw new Error('There is no route.');
            const { resource, level } = route.declaration;
            const expected = isAllowed(resource ?? '', level, role, permissions, cap);
            const answer = await visit(walk, route, {
              token: key.token,
              parameters: { storeId: key.storeId },
            });
            expect(answer.status).not.toBe(401);
            const allowed = codeOf(answer) !== 'PERMISSION_DENIED';
            expect([nameOf(route), allowed]).toEqual([nameOf(route), expected]);
            seen[allowed ? 'allowed' : 'denied'] += 1;
          }
        },
      ),
      { numRuns: RUNS },
    );
    // else it was not the grants that decided
    expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(RUNS / 2);
  });

  it('does so with the very next request after each edit of role, narrowing map, plan and limit', async () => {
    const operator = await app.signIn();
    const seen = { allowed: 0, denied: 0, byRelation: 0, capped: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(editArbitrary, { minLength: EDITS, maxLength: EDITS }),
        fc.array(fc.nat(), { minLength: ROUTES_PER_EDIT, maxLength: ROUTES_PER_EDIT }),
        async (edits, picks) => {
          const admin = await calls.admin();
          const settings: Settings = { role: {}, narrowing: null, plan: 'hourly-enterprise', limit: 'plan' };
          const roles = [
            await calls.role(admin.organizationId, {}),
            await calls.role(admin.organizationId, {}),
          ];
          const grants: [Grants, Grants] = [{}, {}];
          const key = await app.createKey({ storeId: admin.storeId, roleId: roles[0], permissions: null });
          const member = await people.signedIn({ organizationId: admin.organizationId });
          let has: 0 | 1 = 0;
          for (const edit of edits) {
            const given = grantsFrom(edit.choices);
            const patch = (path: string, body: object, by: Caller = member) =>
              calls.call<unknown>(by, 'patch', path).send(body).expect(200);
            if (edit.what === 'role') {
              grants[has] = given;
              await patch(`/roles/${toPublicId('role', roles[has] ?? '')}`, { grants: given });
            } else if (edit.what === 'another role') {
              has = has === 0 ? 1 : 0;
              grants[has] = given;
              await patch(`/roles/${toPublicId('role', roles[has] ?? '')}`, { grants: given });
              await patch(`/keys/${key.id}`, { roleId: toPublicId('role', roles[has] ?? '') });
            } else if (edit.what === 'narrowing') {
              settings.narrowing = edit.isNull ? null : given;
              await patch(`/keys/${key.id}`, { permissions: settings.narrowing });
            } else if (edit.what === 'plan') {
              settings.plan = edit.plan;
              await patch(`/organizations/${admin.organizationId}`, { plan: edit.plan }, operator);
            } else {
              settings.limit = edit.limit;
              const limits = { highestLevel: edit.limit };
              await patch(`/organizations/${admin.organizationId}`, { limits }, operator);
            }
            settings.role = grants[has];
            await expectVerdicts(key, settings, picks, seen);
          }
        },
      ),
      // a shorter counterexample would take minutes: every edit is a request
      { numRuns: EDITED_RUNS, endOnFailure: true, seed: SEED },
    );
    // else it was not tried
    expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
  }, 240_000);
});

/** What a key's verdicts hang on. */
interface Settings {
  role: Grants;
  narrowing: Grants | null;
  plan: keyof typeof HIGHEST_OF_PLANS;
  limit: Level | 'plan';
}

/** As the catalogue has it. */
const HIGHEST_OF_PLANS = { starter: 'read', pro: 'admin', 'hourly-enterprise': 'admin' } as const;

const editArbitrary = fc.record({
  what: fc.constantFrom('role', 'role', 'another role', 'narrowing', 'plan', 'limit'),
  choices: grantsArbitrary,
  isNull: fc.boolean(),
  plan: fc.constantFrom<Settings['plan']>('starter', 'pro', 'hourly-enterprise'),
  limit: fc.constantFrom<Settings['limit']>('read', 'write', 'admin', 'plan'),
});

/** Some routes, and every level that the key is told it has: those of resources without a route too. */
async function expectVerdicts(
  key: TestKey,
  { role, narrowing, plan, limit }: Settings,
  picks: number[],
  seen: { allowed: number; denied: number; byRelation: number; capped: number },
): Promise<void> {
  const cap = limit === 'plan' ? HIGHEST_OF_PLANS[plan] : limit;
  for (const pick of picks) {
    const route = routes[pick % routes.length];
    if (!route) throw new Error('There is no route.');
    const { resource, level } = route.declaration;
    const answer = await visit(walk, route, { token: key.token, parameters: { storeId: key.storeId } });
    expect(answer.status).not.toBe(401);
    const allowed = codeOf(answer) !== 'PERMISSION_DENIED';
    const expected = isAllowed(resource ?? '', level, role, narrowing, cap);
    expect([nameOf(route), allowed]).toEqual([nameOf(route), expected]);
    seen[allowed ? 'allowed' : 'denied'] += 1;
  }
  const me = await calls.call<{ permissions: Record<string, Level> }>(key, 'get', '/me').expect(200);
  for (const [resource, held] of Object.entries(me.body.permissions)) {
    const highest = LEVELS.filter((one) => isAllowed(resource, one, role, narrowing, cap)).at(-1);
    expect([resource, held]).toEqual([resource, highest]);
    const names = [resource, resource.split('.')[0] ?? ''];
    if (held === 'read' && names.every((name) => (role[name] ?? 'none') === 'none')) seen.byRelation += 1;
    if (isAllowed(resource, 'write', role, narrowing, 'admin') && held === 'read') seen.capped += 1;
  }
}
