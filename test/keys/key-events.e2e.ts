import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Calls, uuidOf } from './key-calls.js';
import { eventsOf, member } from './key-life.js';

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

describe('the life of a key', () => {
  it('is told by events, each with its request, and never with a token', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, { name: 'Told' });
    const ada = await member(app, admin.organizationId, 'Ada');
    const expiresAt = '2090-01-01T00:00:00.000Z';
    await calls
      .call(admin, 'patch', `/keys/${key.id}`)
      .send({
        name: 'Renamed',
        roleId: 'analyst',
        permissions: { analytics: 'read' },
        expiresAt,
        ownerId: ada,
      })
      .expect(200);
    const { body } = await calls
      .call(admin, 'post', `/keys/${key.id}/rotate`)
      .send({ graceSeconds: 60 })
      .expect(200);
    await calls.call(admin, 'post', `/keys/${key.id}/revoke`).send({ reason: 'superseded' }).expect(200);
    await calls.call(admin, 'post', `/keys/${key.id}/revoke`).send({ reason: 'again' }).expect(200);
    await calls.call(admin, 'delete', `/keys/${key.id}`).expect(204);

    const told = await eventsOf(app, key.id);
    const about = { id: key.id, storeId: admin.storeId, environment: 'live' };
    expect(told.map(({ type, data }) => [type, data])).toEqual([
      ['key.created', { ...about, name: 'Told', preview: key.preview, roleId: key.role.id, expiresAt: null }],
      [
        'key.updated',
        {
          ...about,
          name: 'Renamed',
          preview: key.preview,
          changes: {
            name: { from: 'Told', to: 'Renamed' },
            roleId: { from: key.role.id, to: expect.stringMatching(/^rol_/) },
            permissions: { from: null, to: { analytics: 'read' } },
            expiresAt: { from: null, to: expiresAt },
            ownerId: { from: null, to: ada },
          },
        },
      ],
      [
        'key.rotated',
        { ...about, name: 'Renamed', preview: body.preview, oldSecretEndsAt: body.oldSecretEndsAt },
      ],
      ['key.revoked', { ...about, name: 'Renamed', preview: body.preview, reason: 'superseded' }],
      ['key.deleted', { ...about, name: 'Renamed', preview: body.preview }],
    ]);
    for (const { request_id } of told) expect(request_id).not.toBeNull();
    const text = JSON.stringify(told);
    for (const token of [key.token, body.token ?? '']) expect(text).not.toContain(token.slice(15, 40));
    const [place] = await app.sql('SELECT organization_id, store_id FROM events WHERE subject_id = $1', [
      key.id,
    ]);
    expect(place).toEqual({
      organization_id: uuidOf('organization', admin.organizationId),
      store_id: uuidOf('store', admin.storeId),
    });
  });

  it('has no event of a change that changes nothing: the version stays', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, {
      permissions: { content: 'read', analytics: 'read' },
      ipAllowlist: ['127.0.0.1'],
      metadata: { a: '1', b: '2' },
      expiresAt: '2090-01-01T00:00:00.000Z',
    });
    const before = await calls.call(admin, 'get', `/keys/${key.id}`);
    const same = {
      name: key.name,
      roleId: 'read-write',
      permissions: { analytics: 'read', content: 'read' },
      ipAllowlist: ['127.0.0.1'],
      metadata: { b: '2', a: '1' },
      expiresAt: '2090-01-01T01:00:00+01:00',
      ownerId: null,
    };
    for (const body of [{}, same]) {
      const after = await calls.call(admin, 'patch', `/keys/${key.id}`).send(body).expect(200);
      expect([after.body.updatedAt, after.headers['etag']]).toEqual([
        before.body.updatedAt,
        before.headers['etag'],
      ]);
    }
    expect((await eventsOf(app, key.id)).map(({ type }) => type)).toEqual(['key.created']);
    const changes = await app.sql(
      `SELECT 1 FROM change_log WHERE entity = 'key' AND action = 'update' AND entity_id = $1`,
      [uuidOf('key', key.id)],
    );
    expect(changes).toEqual([]);
  });

  it('has none of what was refused', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin);
    await calls.call(admin, 'patch', `/keys/${key.id}`).send({ name: 'X', roleId: 'emperor' }).expect(400);
    await calls
      .call(admin, 'patch', `/keys/${key.id}`)
      .set('If-Match', '"old"')
      .send({ name: 'X' })
      .expect(412);
    expect(await eventsOf(app, key.id)).toHaveLength(1);
  });

  it('can be prolonged from now', async () => {
    const admin = await calls.admin();
    const key = await calls.create(admin, { expiresIn: '30d' });
    const patch = async (expiresIn: string) =>
      (await calls.call(admin, 'patch', `/keys/${key.id}`).send({ expiresIn }).expect(200)).body.expiresAt;
    const days = (Date.parse((await patch('90d')) ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(90);
    expect(await patch('never')).toBeNull();
  });
});
