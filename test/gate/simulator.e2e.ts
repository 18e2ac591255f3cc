import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { MountedRoute } from '../../src/gate/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import type { Level } from '../../src/platform/http/index.js';
import type { Grants } from '../../src/roles/index.js';
import { visit, type Walk, walkOf } from '../coverage/walk.js';
import { Calls, uuidOf } from '../keys/key-calls.js';
import { type Answer } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { simulate } from './simulator-calls.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_124);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 120);

let app: TestApp;
let calls: Calls;
let walk: Walk;

beforeAll(async () => {
  app = await startTestApp({ environment: { TRUST_PROXY: '1' } });
  calls = new Calls(app);
  walk = walkOf(app);
});
afterAll(() => app.close());

/** What the gate decided: its status and code, or 200 where it let the request in, whatever came of it then. */
async function decided(answer: Answer): Promise<[status: number, code: string | null]> {
  const [row] = await app.sql<{ code: string | null; reason: string | null }>(
    'SELECT error_code AS code, reason FROM request_log WHERE request_id = $1',
    [fromPublicId('request', answer.headers['x-request-id'])],
  );
  const { code = null, reason = null } = row ?? {};
  const byGate =
    code === 'NOT_FOUND'
      ? reason === 'foreign store' || reason === 'no such route'
      : code !== null && GATE_CODES.has(code);
  return byGate ? [answer.status, code] : [200, null];
}
const GATE_CODES = new Set([
  'KEY_REVOKED',
  'KEY_EXPIRED',
  'ORGANIZATION_SUSPENDED',
  'IP_NOT_ALLOWED',
  'PERMISSION_DENIED',
]);

const level = fc.constantFrom<Level>('none', 'read', 'write', 'admin');
const grantsOver = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names), level, { maxKeys: 5 });

describe('the simulator', () => {
  it('tells of any key and any route what the running gate answers', async () => {
    const resources = [...new Set(walk.gated.flatMap(({ declaration: { resource } }) => resource ?? []))];
    const names = [...resources, 'content', 'analytics', 'compliance', 'settings'];
    const scene = fc.record({
      plan: fc.constantFrom('hourly-enterprise', 'starter'),
      sandbox: fc.boolean(),
      grants: grantsOver(names),
      permissions: fc.option(grantsOver(names)),
      ipAllowlist: fc.option(fc.constantFrom<string[]>(['10.0.0.0/8'], ['192.0.2.7'], ['2001:db8::/32']), {
        freq: 2,
      }),
      address: fc.constantFrom('10.9.8.7', '192.0.2.7', '2001:db8::1', '::ffff:10.0.0.1'),
      standing: fc.constantFrom('active', 'active', 'active', 'active', 'revoked', 'expired', 'suspended'),
      // However many routes there are: now and then none.
      routes: fc.array(
        fc.oneof(
          { weight: 11, arbitrary: fc.constantFrom(...walk.routes) },
          { weight: 1, arbitrary: fc.constant(UNMATCHED) },
        ),
        { minLength: 4, maxLength: 8 },
      ),
      store: fc.constantFrom('own', 'own', 'foreign', 'none'),
      self: fc.boolean(),
    });
    const seen = new Map<string, number>();
    const foreign = await app.createKey();
    await fc.assert(
      fc.asyncProperty(scene, async ({ routes, grants, address, standing, store, self, ...options }) => {
        const { asker, key } = await keyOf(grants, options);
        await end(standing, key);
        const storeId = { own: key.storeId, foreign: foreign.storeId, none: 'sto_x' }[store];
        for (const route of routes) {
          // what a key may do to itself is done last: it may end the key
          const parameters = { storeId, ...(self && route.method === 'GET' ? { id: key.id } : {}) };
          const answer = await visit(walk, route, {
            token: key.token,
            parameters,
            headers: { 'X-Forwarded-For': address },
          });
          const path = answerPath(route, parameters);
          const told = await simulate(calls, asker, {
            keyId: key.id,
            method: route.method,
            path,
            ipAddress: address,
          });
          const verdict = [told.status, told.code];
          expect([route.method, path, verdict]).toEqual([route.method, path, await decided(answer)]);
          const slot = told.limitedBy ?? String(told.status);
          seen.set(slot, (seen.get(slot) ?? 0) + 1);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // A run that saw one kind of verdict alone would prove nothing.
    expect([...seen.keys()].sort()).toEqual(
      expect.arrayContaining([
        '200',
        '404',
        'environment',
        'ip',
        'key',
        'operator',
        'role',
        'status',
        'store',
      ]),
    );
  });
});

const UNMATCHED = { method: 'DELETE', path: '/api/v1/nothing/of/ours' } as MountedRoute;

/** The path that was visited, but for ids of nothing: which nothing they name does not matter. */
function answerPath(route: MountedRoute, parameters: Record<string, string | undefined>): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => parameters[name] ?? `nothing`);
}

type Member = Awaited<ReturnType<TestApp['signIn']>>;
let member: Member | undefined;

/** A key with those grants, and somebody who may ask about it. */
async function keyOf(
  grants: Grants,
  options: { plan: string; sandbox: boolean; permissions: Grants | null; ipAllowlist: string[] | null },
): Promise<{ asker: Member; key: TestKey }> {
  const { sandbox, plan, ...own } = options;
  const seat = await app.createKey({ plan, sandbox });
  const roleId = await calls.role(seat.organizationId, grants);
  const key = await app.createKey({ storeId: seat.storeId, roleId, ...own });
  member ??= await app.signIn();
  // The asking member is moved to the key's organization, so that nothing about the key depends on who asks.
  await app.sql(
    `UPDATE organizations SET status = 'active' WHERE id = (SELECT organization_id FROM members WHERE email = $1)`,
    [app.admin.email],
  );
  await app.sql('UPDATE members SET organization_id = $1 WHERE email = $2', [
    uuidOf('organization', seat.organizationId),
    app.admin.email,
  ]);
  return { asker: member, key };
}

async function end(standing: string, key: TestKey): Promise<void> {
  const id = uuidOf('key', key.id);
  if (standing === 'revoked') await app.sql('UPDATE keys SET revoked_at = gate_clock() WHERE id = $1', [id]);
  if (standing === 'expired') await app.sql('UPDATE keys SET expires_at = gate_clock() WHERE id = $1', [id]);
  if (standing === 'suspended') {
    await app.sql(`UPDATE organizations SET status = 'suspended' WHERE id = $1`, [
      uuidOf('organization', key.organizationId),
    ]);
  }
}
