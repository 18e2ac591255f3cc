import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Calls, refusalOf, uuidOf } from './key-calls.js';
import { member } from './key-life.js';

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

describe('the owner of a key', () => {
  it('is the member who creates it, or the one that is named, or nobody', async () => {
    const session = await app.signIn();
    const { body: me } = await calls.call<{ id: string; name: string }>(session, 'get', '/me');
    const stores = await calls.call<{ data: { id: string; kind: string }[] }>(session, 'get', '/stores');
    const storeId = stores.body.data.find(({ kind }) => kind === 'live')?.id ?? '';
    const create = async (more: object) =>
      (
        await calls
          .call(session, 'post', `/stores/${storeId}/keys`)
          .send({ name: 'Hers', roleId: 'read-only', ...more })
          .expect(201)
      ).body.owner;
    const self = { id: me.id, name: me.name };
    expect(await create({})).toEqual(self);
    expect(await create({ ownerId: self.id })).toEqual(self);
    expect(await create({ ownerId: null })).toBeNull();
    expect((await calls.create(await calls.admin())).owner).toBeNull();
  });

  it('changes to another member and to nobody, as a new version of the key', async () => {
    const admin = await calls.admin();
    const ada = await member(app, admin.organizationId, 'Ada');
    const key = await calls.create(admin);
    const patch = (ownerId: string | null) =>
      calls.call(admin, 'patch', `/keys/${key.id}`).send({ ownerId }).expect(200);
    const given = await patch(ada);
    expect(given.body.owner).toEqual({ id: ada, name: 'Ada' });
    const got = await calls.call(admin, 'get', `/keys/${key.id}`);
    expect([got.body.owner, got.headers['etag']]).toEqual([given.body.owner, given.headers['etag']]);
    const taken = await patch(null);
    expect(taken.body.owner).toBeNull();
    expect(taken.headers['etag']).not.toBe(given.headers['etag']);
  });

  it('must be an active member of the organization', async () => {
    const admin = await calls.admin();
    const other = await calls.admin();
    const key = await calls.create(admin);
    const wrong = [
      await member(app, other.organizationId, 'Elsewhere'),
      await member(app, admin.organizationId, 'Gone', 'disabled'),
      'mem_01h455vb4pex5vsknk084sn02q',
      'nobody',
    ];
    for (const ownerId of wrong) {
      const answers = [
        await calls
          .call(admin, 'post', `/stores/${admin.storeId}/keys`)
          .send({ name: 'X', roleId: 'read-only', ownerId }),
        await calls.call(admin, 'patch', `/keys/${key.id}`).send({ ownerId }),
      ];
      for (const answer of answers) {
        expect(refusalOf(answer)).toEqual([
          400,
          'INVALID_INPUT',
          expect.objectContaining({ field: 'ownerId' }),
        ]);
      }
    }
  });

  it('stays when disabled, also where the key is changed, and is nobody when gone', async () => {
    const admin = await calls.admin();
    const ada = await member(app, admin.organizationId, 'Ada');
    const key = await calls.create(admin, { ownerId: ada });
    await app.sql(`UPDATE members SET status = 'disabled' WHERE id = $1`, [uuidOf('member', ada)]);
    const changed = await calls
      .call(admin, 'patch', `/keys/${key.id}`)
      .send({ name: 'Renamed', ownerId: ada })
      .expect(200);
    expect(changed.body).toMatchObject({ name: 'Renamed', owner: { id: ada, name: 'Ada' } });
    await app.sql('DELETE FROM members WHERE id = $1', [uuidOf('member', ada)]);
    const { body } = await calls.call(admin, 'get', `/keys/${key.id}`).expect(200);
    expect(body.owner).toBeNull();
    expect(await calls.use(key.token)).toBe('ok');
  });
});
