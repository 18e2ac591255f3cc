import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Calls, type Caller, uuidOf } from '../keys/key-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type MemberView, People, type Person } from './people.js';

let app: TestApp;
let calls: Calls;
let people: People;
let organizationId: string;
let admin: Person & Caller;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  people = new People(app);
});
beforeEach(async () => {
  organizationId = await people.organization();
  admin = await people.signedIn({ organizationId });
});
afterAll(() => app.close());

const WAYS = [
  ['demoting', { roleId: 'read-only' }],
  ['disabling', { status: 'disabled' }],
  ['deleting', null],
] as const;

const perform = async (id: string, change: object | null, by: Caller): Promise<string> => {
  const call = calls.call<MemberView>(by, change === null ? 'delete' : 'patch', `/members/${id}`);
  const answer = await (change === null ? call : call.send(change));
  return answer.status < 300 ? 'done' : answer.body.error.code;
};

/** Those who could let others in. */
const admins = async () =>
  (
    await app.sql(
      `SELECT 1 FROM members m JOIN roles r ON r.id = m.role_id
       WHERE m.organization_id = $1 AND m.status = 'active' AND r.name = 'admin' AND password_hash IS NOT NULL`,
      [uuidOf('organization', organizationId)],
    )
  ).length;

describe('the last administrator of an organization', () => {
  it.each(WAYS)('stays: %s it is refused, by itself and by others', async (_, change) => {
    const role = await calls.role(organizationId, {
      content: 'admin',
      analytics: 'admin',
      compliance: 'admin',
      settings: 'admin',
    });
    // Neither somebody with the same grants under another name, nor one who cannot sign in, stands in for it.
    const peer = await people.signedIn({ organizationId, role });
    await people.add({ organizationId, hasPassword: false });
    const disabled = await people.add({ organizationId });
    await app.sql(`UPDATE members SET status = 'disabled' WHERE email = $1`, [disabled.email]);
    expect(await perform(admin.id, change, admin)).toBe('LAST_ADMIN');
    expect(await perform(admin.id, change, peer)).toBe('LAST_ADMIN');
    expect(await admins()).toBe(1);
    await people.add({ organizationId });
    expect(await perform(admin.id, change, peer)).toBe('done');
    expect(await admins()).toBe(1);
  });

  it('may be renamed', async () => {
    expect(await perform(admin.id, { name: 'Ada' }, admin)).toBe('done');
  });

  it.each(WAYS)('is left by two who are %s each other at the same moment', async (_, change) => {
    const other = await people.signedIn({ organizationId });
    for (const [first, second] of [
      [admin, other],
      [other, admin],
    ] as const) {
      const outcomes = await Promise.all([
        perform(first.id, change, second),
        perform(second.id, change, first),
      ]);
      expect(outcomes.filter((outcome) => outcome === 'done').length).toBeLessThanOrEqual(1);
      expect(await admins()).toBe(1);
    }
  });

  it.each(WAYS)('is left by many who are %s themselves at the same moment', async (_, change) => {
    const others = await Promise.all([1, 2, 3].map(() => people.signedIn({ organizationId })));
    const outcomes = await Promise.all([admin, ...others].map((one) => perform(one.id, change, one)));
    expect(outcomes.sort()).toEqual(['LAST_ADMIN', 'done', 'done', 'done']);
    expect(await admins()).toBe(1);
  });
});

describe('the last operator of the installation', () => {
  it('stays, however many administrators its organization has', async () => {
    const operator = await app.signIn();
    const [row] = await app.sql<{ id: string; organizationId: string }>(
      `SELECT id, organization_id AS "organizationId" FROM members WHERE operator`,
    );
    const { body } = await calls.call<{ data: MemberView[] }>(operator, 'get', '/members').expect(200);
    const id = body.data.find((member) => member.operator)?.id ?? '';
    expect(uuidOf('member', id)).toBe(row?.id);
    await app.sql(
      `INSERT INTO members (id, organization_id, role_id, email, name, password_hash)
       SELECT gen_random_uuid(), organization_id, role_id, 'second@example.org', 'Second', password_hash
       FROM members WHERE operator`,
    );
    for (const [, change] of WAYS) expect(await perform(id, change, operator)).toBe('LAST_ADMIN');

    const second = await people.signedIn({ organizationId, operator: true });
    // Each removes itself: both organizations have another administrator, the installation has nobody else.
    const outcomes = await Promise.all([perform(id, null, operator), perform(second.id, null, second)]);
    expect(outcomes.sort()).toEqual(['LAST_ADMIN', 'done']);
  });
});
