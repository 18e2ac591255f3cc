import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Level, LEVELS } from '../../src/platform/http/index.js';
import { type Grants, ResourceRegistry } from '../../src/roles/index.js';
import { nameOf, visit, type Walk, walkOf } from '../coverage/walk.js';
import { Calls, uuidOf } from '../keys/key-calls.js';
import { codeOf } from '../support/http-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const RUNS = 60;
const ROUTES_PER_RUN = 12;

let app: TestApp;
let calls: Calls;
let walk: Walk;
let names: string[];

beforeAll(async () => {
  app = await startTestApp({ environment: { TRUST_PROXY: '1' } });
  calls = new Calls(app);
  walk = walkOf(app);
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
          const routes = walk.gated.filter(
            ({ declaration: { resource, operatorOnly } }) => resource !== null && !operatorOnly,
          );
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
});
