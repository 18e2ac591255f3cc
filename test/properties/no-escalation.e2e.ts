import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Level, LEVELS, lowerLevel } from '../../src/platform/http/index.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { type Grants, ResourceRegistry } from '../../src/roles/index.js';
import { type Caller, Calls, uuidOf } from '../keys/key-calls.js';
import { People } from '../members/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  Attempts,
  type Choices,
  grantsArbitrary,
  KINDS,
  type Kind,
  stepArbitrary,
  type Surroundings,
} from './attempts.js';
import { SEED } from './seed.js';

const RUNS = 60;
const STEPS = 24;

let app: TestApp;
let calls: Calls;
let people: People;
let registry: ResourceRegistry;
let names: string[];

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  people = new People(app);
  registry = app.get(ResourceRegistry);
  // categories more often than resources, so that much is allowed
  const categories = ['content', 'analytics', 'compliance', 'settings'];
  names = [...registry.list().map(({ name }) => name), ...categories, ...categories, ...categories];
});
afterAll(() => app.close());

/** Grants on some resources and categories. */
const grantsFrom = (choices: Choices): Grants =>
  Object.fromEntries(choices.map(([index, value]) => [names[index % names.length] ?? '', value]));

/** May manage keys, roles and people; beyond that it has what chance gives it. */
const MANAGES = { 'settings.keys': 'admin', 'settings.roles': 'admin', 'settings.members': 'admin' } as const;

type Levels = Record<string, Level>;

/** What somebody may do, as the server says it. */
async function permissionsOf(caller: Caller): Promise<Levels> {
  return (await calls.call<{ permissions: Levels }>(caller, 'get', '/me').expect(200)).body.permissions;
}

/** By resource, and by category for the resources of tomorrow. */
function levelsOf(grants: Grants, narrowing: Grants | null = null): Levels {
  const narrowed = narrowing && registry.compile(narrowing);
  return Object.fromEntries(
    [...registry.compile(grants)].map(([name, level]) => [
      name,
      narrowed ? lowerLevel(level, narrowed.get(name) ?? 'none') : level,
    ]),
  );
}

function excess(of: Levels, over: Levels): string[] {
  return Object.entries(of)
    .filter(([name, held]) => LEVELS.indexOf(held) > LEVELS.indexOf(over[name] ?? 'none'))
    .map(([name, held]) => `${name} ${held}`);
}

/** A principal with such grants, among keys, roles, members and invitations with less and with more. */
async function surroundings(
  kind: 'key' | 'member',
  grants: Grants,
  permissions: Grants | null,
  others: readonly Grants[],
): Promise<Surroundings> {
  const { organizationId, storeId, id: small } = await app.createKey({ role: 'read-only' });
  const ownRole = await calls.role(organizationId, grants);
  const roles = await Promise.all(others.map((other) => calls.role(organizationId, other)));
  const keys = await Promise.all(roles.map((roleId) => app.createKey({ storeId, roleId })));
  const strong = await app.createKey({ storeId, role: 'admin' });
  const own =
    kind === 'key'
      ? await app
          .createKey({ storeId, roleId: ownRole, permissions })
          .then(({ id, token }) => ({ id, caller: { token } }))
      : await people
          .signedIn({ organizationId, role: ownRole })
          .then(({ id, ...caller }) => ({ id, caller }));
  const members = await Promise.all(
    ['admin', 'read-only', ...roles].map((role) => people.add({ organizationId, role })),
  );
  const admin = { token: strong.token };
  await app.sql(
    `INSERT INTO member_totp (id, member_id, organization_id, secret)
     SELECT gen_random_uuid(), id, organization_id, '' FROM members WHERE organization_id = $1`,
    [uuidOf('organization', organizationId)],
  );
  const invitations = await Promise.all(
    ['admin', ...roles.map((role) => toPublicId('role', role))].map((roleId) =>
      calls
        .call(admin, 'post', '/invitations')
        .send({ email: `${Math.random()}@example.org`, roleId })
        .expect(201),
    ),
  );
  return {
    organizationId,
    storeId,
    own,
    keys: [small, strong.id, ...keys.map(({ id }) => id), ...(kind === 'key' ? [own.id] : [])],
    roles: [ownRole, ...roles].map((role) => toPublicId('role', role)),
    members: [...members.map(({ id }) => id), ...(kind === 'member' ? [own.id] : [])],
    invitations: invitations.map(({ body }) => body.id),
  };
}

describe('nobody grants what they do not hold', () => {
  it('no sequence of operations leaves a principal, or anything it made or could become, with more than it had', async () => {
    const done = new Map<Kind, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('key', 'member'),
        grantsArbitrary(5),
        fc.option(grantsArbitrary(5)),
        fc.array(grantsArbitrary(2), { minLength: 2, maxLength: 2 }),
        fc.array(stepArbitrary, { minLength: STEPS, maxLength: STEPS }),
        async (kind, choices, narrowing, others, steps) => {
          const role = { ...grantsFrom(choices), ...MANAGES };
          const permissions =
            kind === 'key' && narrowing !== null ? { ...grantsFrom(narrowing), ...MANAGES } : null;
          const around = await surroundings(kind, role, permissions, others.map(grantsFrom));
          const had = levelsOf(role, permissions);
          const attempts = new Attempts(calls, around, grantsFrom);
          expect(excess(await permissionsOf(attempts.self), had)).toEqual([]);

          // a member manages keys under any plan, a key under an uncapped one alone
          await attempts.cap(kind === 'member' ? 'read' : 'admin');
          for (const one of steps) await attempts.take(one);
          for (const what of attempts.done) done.set(what, (done.get(what) ?? 0) + 1);

          // what a cap hid comes to light
          await attempts.cap('admin');
          expect(excess(await permissionsOf(attempts.self), had)).toEqual([]);
          for (const token of attempts.tokens.values()) {
            expect(excess(await permissionsOf({ token }), had)).toEqual([]);
          }
          for (const grants of await attempts.grantsGiven()) {
            expect(excess(levelsOf(grants), had)).toEqual([]);
          }
        },
      ),
      // a shorter counterexample would take minutes: every step is a request
      { numRuns: RUNS, endOnFailure: true, seed: SEED },
    );
    // else it was not tried
    expect(KINDS.filter((kind) => !done.has(kind))).toEqual([]);
  }, 240_000);
});
