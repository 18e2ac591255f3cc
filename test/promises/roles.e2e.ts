import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Calls, type KeyView } from '../keys/key-calls.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

// What the product says of permissions and roles, sentence by sentence, as requests to a running server.

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

interface RoleView {
  id: string;
  grants: Record<string, string>;
  levels: Record<string, string>;
}

const CAMPAIGN = { name: 'Spring sale', platform: 'email' };

const createRole = async (admin: TestKey, body: object): Promise<RoleView> =>
  (
    await calls
      .call<RoleView>(admin, 'post', '/roles')
      .send({ name: `Role ${Math.random()}`, ...body })
      .expect(201)
  ).body;

const keyWith = async (admin: TestKey, roleId: string): Promise<KeyView & { token: string }> =>
  calls.create(admin, { roleId });

/** The answers to the life of a campaign: list, create, replace, delete. */
async function campaignLife(token: string, asAdmin: TestKey): Promise<number[]> {
  const made = await calls.call<{ id: string }>(asAdmin, 'post', '/campaigns').send(CAMPAIGN).expect(201);
  const path = `/campaigns/${made.body.id}`;
  const answers = [
    await calls.call({ token }, 'get', '/campaigns?limit=1'),
    await calls.call({ token }, 'post', '/campaigns').send(CAMPAIGN),
    await calls.call({ token }, 'put', path).send({ ...CAMPAIGN, name: 'Summer sale' }),
    await calls.call({ token }, 'delete', path),
  ];
  return answers.map(({ status }) => status);
}

describe('a scope of three words', () => {
  it('read-only gets, and changes nothing', async () => {
    const admin = await calls.admin();
    const { token } = await keyWith(admin, 'read-only');
    expect(await campaignLife(token, admin)).toEqual([200, 403, 403, 403]);
  });

  it('read-write gets, posts, puts and deletes, and reaches no settings', async () => {
    const admin = await calls.admin();
    const { token } = await keyWith(admin, 'read-write');
    expect(await campaignLife(token, admin)).toEqual([200, 201, 200, 204]);
    for (const path of ['/roles', '/stores', `/stores/${admin.storeId}/keys`, '/organization'])
      await calls.call({ token }, 'get', path).expect(403);
  });

  it('admin does everything, settings included', async () => {
    const admin = await calls.admin();
    const { token } = await keyWith(admin, 'admin');
    expect(await campaignLife(token, admin)).toEqual([200, 201, 200, 204]);
    await calls.call({ token }, 'patch', '/organization').send({ name: 'Another name' }).expect(200);
    await calls
      .call({ token }, 'post', `/stores/${admin.storeId}/keys`)
      .send({ name: 'Made by a key', roleId: 'admin' })
      .expect(201);
  });
});

describe('the ready policies', () => {
  it('are there by their names', async () => {
    const admin = await calls.admin();
    const answer = await calls.call<{ data: { name: string }[] }>(admin, 'get', '/policies').expect(200);
    expect(answer.body.data.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'Data Holds Read-only',
        'Data Holds Full Access',
        'Platforms Read-only',
        'Audit Logs Read-only',
        'Signal Events Read-only',
        'User Content Exports Read-only',
        'User Content Exports Full Access',
      ]),
    );
  });

  it('Read-only sees; Full Access creates, updates and deletes too', async () => {
    const admin = await calls.admin();
    const reader = await createRole(admin, { policies: ['Campaigns Read-only'] });
    const writer = await createRole(admin, { policies: ['Campaigns Full Access'] });
    const tokens = [(await keyWith(admin, reader.id)).token, (await keyWith(admin, writer.id)).token];
    expect(await campaignLife(tokens[0] ?? '', admin)).toEqual([200, 403, 403, 403]);
    expect(await campaignLife(tokens[1] ?? '', admin)).toEqual([200, 201, 200, 204]);
  });

  it('Full Access contains Read-only, for every resource that has both', async () => {
    const admin = await calls.admin();
    const { body } = await calls.call<{ data: { name: string; grants: Record<string, string> }[] }>(
      admin,
      'get',
      '/policies',
    );
    const full = body.data.filter(({ name }) => name.endsWith(' Full Access'));
    expect(full.length).toBeGreaterThan(3);
    for (const { name } of full) {
      const both = [name, name.replace('Full Access', 'Read-only')];
      const one = await createRole(admin, { policies: [name] });
      const two = await createRole(admin, { policies: both });
      expect([name, two.levels]).toEqual([name, one.levels]);
    }
  });

  it('let a key see what relates to their resource', async () => {
    const admin = await calls.admin();
    const role = await createRole(admin, { policies: ['Data Holds Read-only'] });
    expect(role.levels).toMatchObject({ 'compliance.data-holds': 'read', 'compliance.platforms': 'read' });
  });

  it('change with the key that has them: at once, when its role is edited', async () => {
    const admin = await calls.admin();
    const role = await createRole(admin, { policies: ['Campaigns Read-only'] });
    const { token } = await keyWith(admin, role.id);
    expect(await campaignLife(token, admin)).toEqual([200, 403, 403, 403]);
    await calls
      .call(admin, 'patch', `/roles/${role.id}`)
      .send({ policies: ['Campaigns Full Access'] })
      .expect(200);
    expect(await campaignLife(token, admin)).toEqual([200, 201, 200, 204]);
  });
});

describe('a sandbox', () => {
  it('gives out test keys, with data of its own', async () => {
    const admin = await calls.admin();
    const sandbox = await calls
      .call<{ id: string }>(admin, 'post', `/stores/${admin.storeId}/sandbox`)
      .expect(201);
    const test = await app.createKey({ storeId: sandbox.body.id, role: 'admin' });
    expect(test.token).toMatch(/^gate_test_/);
    await calls.call(admin, 'post', '/campaigns').send(CAMPAIGN).expect(201);
    const seen = await calls.call<{ data: unknown[] }>(test, 'get', '/campaigns').expect(200);
    expect(seen.body.data).toEqual([]);
    await calls.call(test, 'get', '/organization').expect(403);
    await calls.call(test, 'get', `/stores/${admin.storeId}/campaigns`).expect(404);
  });
});
