import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MountedRoute } from '../../src/gate/index.js';
import { type Level, LEVELS } from '../../src/platform/http/index.js';
import { BUILTIN_ROLES, type Grants, ResourceRegistry } from '../../src/roles/index.js';
import { codeOf } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKeyOptions } from '../support/test-app.js';
import { nameOf, visit, type Walk, walkOf } from './walk.js';

let app: TestApp;
let walk: Walk;

beforeAll(async () => {
  app = await startTestApp();
  walk = walkOf(app);
});
afterAll(() => app.close());

type Verdict = 'admitted' | 'denied';

/** The verdict, worked out anew from what is declared and granted. */
function expectedVerdict({ declaration }: MountedRoute, maps: Grants[], cap: Level, isTest = false): Verdict {
  const { resource, level, operatorOnly, organizationWide } = declaration;
  if (operatorOnly || (organizationWide && isTest)) return 'denied';
  if (resource === null) return 'admitted';
  const known = app.get(ResourceRegistry).list();
  const of = (grants: Grants, name: string) =>
    Math.max(...[name, name.split('.')[0] ?? ''].map((key) => LEVELS.indexOf(grants[key] ?? 'none')));
  const related = (grants: Grants) =>
    known.some((other) => other.relates.includes(resource) && of(grants, other.name) > 0) ? 1 : 0;
  const highest = known.find(({ name }) => name === resource)?.highest ?? 'none';
  const levels = maps.map((grants) => Math.max(of(grants, resource), related(grants)));
  const held = Math.min(...levels, LEVELS.indexOf(cap), LEVELS.indexOf(highest));
  return held >= LEVELS.indexOf(level) ? 'admitted' : 'denied';
}

const grantsOf = (name: string) => BUILTIN_ROLES.find((role) => role.name === name)?.grants ?? {};

describe('the gate decides about every route as it is declared', () => {
  const cases: [string, TestKeyOptions & { role: string }, Level][] = [
    ...BUILTIN_ROLES.map(({ name }): [string, { role: string }, Level] => [
      `the role ${name}`,
      { role: name },
      'admin',
    ]),
    ['the role admin on the plan starter', { role: 'admin', plan: 'starter' }, 'read'],
    [
      'the role admin, narrowed by category',
      { role: 'admin', permissions: { content: 'read', settings: 'write' } },
      'admin',
    ],
    ['the role admin in a sandbox', { role: 'admin', sandbox: true }, 'admin'],
    ['the role read-write, narrowed to nothing', { role: 'read-write', permissions: {} }, 'admin'],
    [
      'the role read-only, narrowed to more than it has',
      { role: 'read-only', permissions: { content: 'write' } },
      'admin',
    ],
  ];

  it.each(cases)('for %s', async (_, options, cap) => {
    const key = await app.createKey(options);
    const maps = [grantsOf(options.role), ...(options.permissions ? [options.permissions] : [])];
    const verdicts = await Promise.all(
      walk.gated.map(async (route): Promise<[string, Verdict]> => {
        const answer = await visit(walk, route, { token: key.token, parameters: { storeId: key.storeId } });
        expect(answer.status).not.toBe(401);
        return [nameOf(route), codeOf(answer) === 'PERMISSION_DENIED' ? 'denied' : 'admitted'];
      }),
    );
    expect(verdicts).toEqual(
      walk.gated.map((route) => [nameOf(route), expectedVerdict(route, maps, cap, options.sandbox)]),
    );
  });

  it('and there are routes that each of the roles may use, and others that it may not', () => {
    for (const { name, grants } of BUILTIN_ROLES.filter((role) => role.name !== 'admin')) {
      const verdicts = new Set(walk.gated.map((route) => expectedVerdict(route, [grants], 'admin')));
      expect([name, [...verdicts].sort()]).toEqual([name, ['admitted', 'denied']]);
    }
  });
});
