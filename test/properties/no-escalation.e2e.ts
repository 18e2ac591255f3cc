import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Level, LEVELS } from '../../src/platform/http/index.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { type Grants, ResourceRegistry } from '../../src/roles/index.js';
import { Calls } from '../keys/key-calls.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

const RUNS = 25;
const STEPS = 12;

let app: TestApp;
let calls: Calls;
let names: string[];

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  const resources = app.get(ResourceRegistry).list();
  names = [...resources.map(({ name }) => name), 'content', 'analytics', 'compliance', 'settings'];
});
afterAll(() => app.close());

const level = fc.constantFrom(...LEVELS);
/** Grants on some resources and categories. */
const grantsArbitrary = fc.array(fc.tuple(fc.nat(), level), { maxLength: 4 });
const grantsFrom = (choices: [number, Level][]): Grants =>
  Object.fromEntries(choices.map(([index, value]) => [names[index % names.length] ?? '', value]));

const step = fc.record({
  what: fc.constantFrom(
    'create a key',
    'create a key over a role',
    'create a role',
    'edit a role',
    'edit a key',
    'give a key a role',
    'rotate',
    'narrow itself less',
  ),
  target: fc.nat(),
  role: fc.nat(),
  grants: grantsArbitrary,
  narrows: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Named {
  id: string;
}

/** What a principal may do, as the server says it. */
async function permissionsOf(token: string): Promise<Record<string, Level>> {
  const me = await calls.call<{ permissions: Record<string, Level> }>({ token }, 'get', '/me').expect(200);
  return me.body.permissions;
}

function excess(of: Record<string, Level>, over: Record<string, Level>): string[] {
  return Object.entries(of)
    .filter(([name, held]) => LEVELS.indexOf(held) > LEVELS.indexOf(over[name] ?? 'none'))
    .map(([name, held]) => `${name} ${held}`);
}

const BUILTIN = ['read-only', 'read-write', 'analyst', 'compliance', 'admin'];

/** One attempt of a principal, with whatever it was answered; a refusal is as good as a success here. */
class Attempts {
  /** Tokens of the keys it made or rotated, by id: the newest alone. */
  readonly tokens = new Map<string, string>();
  /** Its own, and those it made. */
  readonly roles: string[];
  done = 0;

  constructor(
    private readonly principal: TestKey,
    ownRoleId: string,
  ) {
    this.tokens.set(principal.id, principal.token);
    this.roles = [ownRoleId];
  }

  async take({ what, target, role, grants: choices, narrows }: Step): Promise<void> {
    const grants = grantsFrom(choices);
    const permissions = narrows ? grants : null;
    const keyId = [...this.tokens.keys()][target % this.tokens.size] ?? '';
    const roleId = [...BUILTIN, ...this.roles][role % (BUILTIN.length + this.roles.length)] ?? '';
    const ownRole = this.roles[role % this.roles.length] ?? '';
    switch (what) {
      case 'create a key':
        return this.keep(
          await this.post(`/stores/${this.principal.storeId}/keys`, { name: 'K', permissions: grants }),
        );
      case 'create a key over a role':
        return this.keep(
          await this.post(`/stores/${this.principal.storeId}/keys`, { name: 'K', roleId, permissions }),
        );
      case 'create a role': {
        const created = await this.post('/roles', { name: `R${Math.random()}`, grants });
        if (created) this.roles.push(created.id);
        return;
      }
      case 'edit a role':
        return this.patch(`/roles/${ownRole}`, { grants });
      case 'edit a key':
        return this.patch(`/keys/${keyId}`, { permissions });
      case 'give a key a role':
        return this.patch(`/keys/${keyId}`, { roleId });
      case 'rotate':
        return this.keep(await this.post(`/keys/${keyId}/rotate`, {}));
      case 'narrow itself less':
        return this.patch(`/keys/${this.principal.id}`, { permissions: null });
    }
  }

  private async post(path: string, body: object): Promise<(Named & { token?: string }) | undefined> {
    const answer = await calls.call<Named & { token?: string }>(this.self, 'post', path).send(body);
    expect([200, 201, 400, 401, 403, 409]).toContain(answer.status);
    if (answer.status >= 300) return undefined;
    this.done += 1;
    return answer.body;
  }

  private async patch(path: string, body: object): Promise<void> {
    const answer = await calls.call<unknown>(this.self, 'patch', path).send(body);
    expect([200, 400, 401, 403, 404, 409]).toContain(answer.status);
    if (answer.status === 200) this.done += 1;
  }

  private keep(key: (Named & { token?: string }) | undefined): void {
    if (key?.token !== undefined) this.tokens.set(key.id, key.token);
  }

  private get self(): { token: string } {
    return { token: this.tokens.get(this.principal.id) ?? '' };
  }
}

describe('nobody grants what they do not hold', () => {
  it('no sequence of operations leaves a principal, or anything it made, with more than it had', async () => {
    let done = 0;
    await fc.assert(
      fc.asyncProperty(
        grantsArbitrary,
        fc.option(grantsArbitrary),
        fc.array(step, { minLength: STEPS, maxLength: STEPS }),
        async (choices, narrowing, steps) => {
          const organization = await app.createKey();
          // may manage keys and roles, and beyond that what chance gives it
          const manages = { 'settings.keys': 'admin', 'settings.roles': 'admin' } as const;
          const roleId = await calls.role(organization.organizationId, {
            ...grantsFrom(choices),
            ...manages,
          });
          const permissions = narrowing === null ? null : { ...grantsFrom(narrowing), ...manages };
          const principal = await app.createKey({ storeId: organization.storeId, roleId, permissions });
          const had = await permissionsOf(principal.token);

          const attempts = new Attempts(principal, toPublicId('role', roleId));
          for (const one of steps) await attempts.take(one);
          done += attempts.done;
          for (const token of attempts.tokens.values()) {
            expect(excess(await permissionsOf(token), had)).toEqual([]);
          }
        },
      ),
      { numRuns: RUNS },
    );
    // else nothing was tried
    expect(done).toBeGreaterThan(RUNS);
  });
});
