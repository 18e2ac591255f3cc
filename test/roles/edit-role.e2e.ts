import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ResourceRegistry } from '../../src/roles/index.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { Calls, refusalOf, uuidOf } from '../keys/key-calls.js';

interface LevelChange {
  resource: string;
  before: string;
  after: string;
}

interface RoleView {
  id: string;
  name: string;
  grants: Record<string, string>;
  levels: Record<string, string>;
  change: { levels: LevelChange[]; affectedKeys: number; affectedMembers: number };
  keys: { id: string; name: string; levels: LevelChange[] }[] | null;
}

let app: TestApp;
let calls: Calls;
let admin: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  admin = await calls.admin();
  await app.sql('UPDATE organizations SET active_keys_per_store = 1000');
});
afterAll(() => app.close());

let named = 0;
async function createRole(body: object = {}, by: TestKey = admin): Promise<{ id: string; etag: string }> {
  named += 1;
  const { headers, body: role } = await calls
    .call<RoleView>(by, 'post', '/roles')
    .send({ name: `Role ${named}`, grants: { content: 'read' }, ...body })
    .expect(201);
  return { id: role.id, etag: headers['etag'] ?? '' };
}
const patch = (id: string, body: object, by: TestKey = admin) =>
  calls.call<RoleView>(by, 'patch', `/roles/${id}`).send(body);
const preview = (id: string, body: object, by: TestKey = admin) =>
  calls.call<RoleView>(by, 'post', `/roles/${id}/preview`).send(body);
const get = (id: string) => calls.call<RoleView>(admin, 'get', `/roles/${id}`);
const change = (resource: string, before: string, after: string) => ({ resource, before, after });
/** Of a category and of each of its resources, but for those of which something else is said. */
const changeOfCategory = (
  category: string,
  before: string,
  after: string,
  said: ReturnType<typeof change>[] = [],
) => {
  const resources = app
    .get(ResourceRegistry)
    .list()
    .map(({ name }) => name)
    .filter((name) => name.startsWith(`${category}.`));
  const others = [`${category}.*`, ...resources]
    .filter((name) => !said.some(({ resource }) => resource === name))
    .map((name) => change(name, before, after));
  return [...others, ...said].sort((a, b) => (a.resource < b.resource ? -1 : 1));
};
const changeOfAnalytics = (before: string, after: string) => changeOfCategory('analytics', before, after);
/** `content.campaigns` but for what is said of it; an empty list: nothing changes there. */
const changeOfContent = (
  before: string,
  after: string,
  ofCampaigns = [change('content.campaigns', before, after)],
) =>
  changeOfCategory('content', before, after, ofCampaigns).filter(
    ({ resource }) => ofCampaigns.length > 0 || resource !== 'content.campaigns',
  );
const eventsOf = (id: string) =>
  app.sql<{ type: string; data: Record<string, unknown> }>(
    'SELECT type, data FROM events WHERE subject_id = $1 ORDER BY id',
    [id],
  );

describe('editing a role', () => {
  it('answers with what changed, category and future included, and whom it reaches', async () => {
    const { id } = await createRole({ grants: { 'content.campaigns': 'write', 'settings.keys': 'read' } });
    await calls.create(admin, { roleId: id });
    await calls.create(admin, { roleId: id });
    const revoked = await calls.create(admin, { roleId: id });
    await calls.call(admin, 'post', `/keys/${revoked.id}/revoke`).expect(200);
    const expired = await calls.create(admin, { roleId: id });
    await app.sql(`UPDATE keys SET expires_at = gate_clock() - interval '1 second' WHERE id = $1`, [
      uuidOf('key', expired.id),
    ]);
    await app.sql(
      `INSERT INTO members (id, organization_id, role_id, email, name) VALUES (gen_random_uuid(), $1, $2, 'of-a-role@example.org', 'Ada')`,
      [uuidOf('organization', admin.organizationId), uuidOf('role', id)],
    );

    const { body, headers } = await patch(id, { grants: { content: 'read', 'settings.keys': 'read' } });
    expect(body.change).toEqual({
      levels: changeOfContent('none', 'read', [change('content.campaigns', 'write', 'read')]),
      affectedKeys: 2,
      affectedMembers: 1,
    });
    const got = await get(id).expect(200);
    expect(headers['etag']).toBe(got.headers['etag']);
    const { change: _, ...role } = body;
    expect(role).toEqual(got.body);
  });

  it('tells what related resources it lets read, or no longer', async () => {
    const { id } = await createRole({ grants: { 'compliance.data-holds': 'write' } });
    const { body } = await patch(id, { grants: { 'compliance.signal-events': 'read' } }).expect(200);
    expect(body.change.levels).toEqual([
      change('compliance.data-holds', 'write', 'none'),
      change('compliance.signal-events', 'none', 'read'),
    ]);
    expect(body.levels['compliance.platforms']).toBe('read');
    expect((await patch(id, { grants: {} })).body.change.levels).toEqual([
      change('compliance.platforms', 'read', 'none'),
      change('compliance.signal-events', 'read', 'none'),
    ]);
  });

  it('takes policies, which with the grants replace all of the old grants', async () => {
    const { id } = await createRole({ grants: { analytics: 'write' } });
    const policies = ['Campaigns Full Access', 'Campaigns Read-only'];
    expect((await patch(id, { policies }).expect(200)).body.grants).toEqual({ 'content.campaigns': 'write' });
    const both = await patch(id, { policies: ['Keys Read-only'], grants: { content: 'read' } }).expect(200);
    expect(both.body.grants).toEqual({ content: 'read', 'settings.keys': 'read' });
    expect((await patch(id, { name: 'Kept its grants' }).expect(200)).body.grants).toEqual(both.body.grants);
    expect(refusalOf(await patch(id, { policies: ['No such policy'] }))).toEqual([
      400,
      'INVALID_INPUT',
      expect.objectContaining({ field: 'policies[0]' }),
    ]);
    expect((await patch(id, { policies: [] }).expect(200)).body.grants).toEqual({});
  });

  it('leaves no trace where nothing is another than before', async () => {
    const { id, etag } = await createRole();
    const before = await eventsOf(id);
    for (const body of [{}, { grants: { content: 'read' } }, { description: '' }]) {
      const answer = await patch(id, body).expect(200);
      expect([answer.headers['etag'], answer.body.change.levels]).toEqual([etag, []]);
    }
    expect(await eventsOf(id)).toEqual(before);
  });

  it('of the smallest kind tells one event for what was done, without more', async () => {
    const { id } = await createRole({ name: 'Told' });
    await patch(id, { name: 'Told twice', grants: { 'content.campaigns': 'read' } }).expect(200);
    await calls.call(admin, 'delete', `/roles/${id}`).expect(204);
    expect(await eventsOf(id)).toEqual([
      { type: 'role.created', data: { id, name: 'Told', grants: { content: 'read' } } },
      {
        type: 'role.updated',
        data: {
          id,
          name: 'Told twice',
          changed: ['name', 'grants'],
          levels: changeOfContent('read', 'none', []),
        },
      },
      { type: 'role.deleted', data: { id, name: 'Told twice' } },
    ]);
  });
});

describe('the preview of a change', () => {
  it('answers what the change will answer, names the keys with their own gains and losses, and saves nothing', async () => {
    const { id, etag } = await createRole({ grants: { content: 'write', 'settings.keys': 'read' } });
    const wide = await calls.create(admin, { name: 'Wide', roleId: id });
    const narrow = await calls.create(admin, {
      name: 'Narrow',
      roleId: id,
      permissions: { content: 'read' },
    });
    const edit = { name: 'Another name', grants: { content: 'read', analytics: 'read' } };
    const changes = await app.sql('SELECT count(*) FROM change_log');
    const events = await eventsOf(id);

    const shown = await preview(id, edit).expect(200);
    expect(shown.body.keys).toEqual([
      { id: narrow.id, name: 'Narrow', levels: [] },
      {
        id: wide.id,
        name: 'Wide',
        levels: [
          ...changeOfAnalytics('none', 'read'),
          ...changeOfContent('write', 'read'),
          change('settings.keys', 'read', 'none'),
        ],
      },
    ]);
    expect((await get(id)).headers['etag']).toBe(etag);
    expect(await app.sql('SELECT count(*) FROM change_log')).toEqual(changes);
    expect(await eventsOf(id)).toEqual(events);
    expect(await calls.use(wide.token)).toBe('ok');

    const saved = await patch(id, edit).expect(200);
    expect(shown.body).toMatchObject({
      id,
      name: saved.body.name,
      grants: saved.body.grants,
      levels: saved.body.levels,
      change: saved.body.change,
    });
  });

  it('shows a key what its plan leaves of the change', async () => {
    const member = await app.signIn();
    const stores = await calls.call<{ data: { id: string }[] }>(member, 'get', '/stores').expect(200);
    const role = await calls
      .call<RoleView>(member, 'post', '/roles')
      .send({ name: 'Capped', grants: { content: 'read' } })
      .expect(201);
    const storeId = stores.body.data[0]?.id;
    const { organizationId } = await app.createKey({ storeId, roleId: uuidOf('role', role.body.id) });
    await app.sql(`UPDATE organizations SET highest_level = 'read' WHERE id = $1`, [
      uuidOf('organization', organizationId),
    ]);
    const answer = await calls
      .call<RoleView>(member, 'post', `/roles/${role.body.id}/preview`)
      .send({ grants: { content: 'write', 'settings.keys': 'read' } })
      .expect(200);
    expect(answer.body.change.levels).toContainEqual(change('content.campaigns', 'read', 'write'));
    expect(answer.body.keys?.[0]?.levels).toEqual([change('settings.keys', 'none', 'read')]);
  });

  it('needs no more than reading roles; keys are named to whoever may read keys', async () => {
    const { id } = await createRole();
    await calls.create(admin, { roleId: id });
    const reader = (grants: Record<string, 'read'>) =>
      calls
        .role(admin.organizationId, { content: 'read', ...grants })
        .then((roleId) => app.createKey({ storeId: admin.storeId, roleId }));
    const edit = { grants: { 'content.campaigns': 'read' } };
    const [ofRoles, ofBoth, ofNone] = await Promise.all([
      reader({ 'settings.roles': 'read' }),
      reader({ 'settings.roles': 'read', 'settings.keys': 'read' }),
      reader({}),
    ]);
    const unnamed = await preview(id, edit, ofRoles).expect(200);
    expect([unnamed.body.change.affectedKeys, unnamed.body.keys]).toEqual([1, null]);
    expect((await preview(id, edit, ofBoth).expect(200)).body.keys).toHaveLength(1);
    expect((await preview(id, edit, ofNone)).status).toBe(403);
    expect((await patch(id, edit, ofRoles)).status).toBe(403);
  });

  it('refuses what the change would be refused for', async () => {
    const { id, etag } = await createRole({ grants: { content: 'write' } });
    await createRole({ name: 'Taken' });
    const weak = await app.createKey({
      storeId: admin.storeId,
      roleId: await calls.role(admin.organizationId, { 'settings.roles': 'admin', content: 'read' }),
    });
    const [builtin] = (await calls.call<{ data: RoleView[] }>(admin, 'get', '/roles?limit=1')).body.data;
    const both = async (call: (send: typeof patch) => PromiseLike<{ status: number; text: string }>) => {
      const answers = [await call(preview), await call(patch)].map(({ status, text }) => {
        const { error } = JSON.parse(text) as { error: { code: string; details?: unknown } };
        return [status, error.code, error.details];
      });
      expect(answers[0]).toEqual(answers[1]);
      return answers[0]?.slice(0, 2);
    };
    expect(await both((send) => send(id, { name: 'Taken' }))).toEqual([409, 'CONFLICT']);
    expect(await both((send) => send(id, { name: 'admin' }))).toEqual([409, 'CONFLICT']);
    expect(await both((send) => send(id, { grants: { billing: 'read' } }))).toEqual([400, 'INVALID_INPUT']);
    expect(await both((send) => send(id, { unknown: 1 }))).toEqual([400, 'INVALID_INPUT']);
    expect(await both((send) => send(id, { grants: {} }, weak))).toEqual([403, 'EXCEEDS_OWN_GRANTS']);
    expect(await both((send) => send(builtin?.id ?? '', { grants: {} }))).toEqual([409, 'CONFLICT']);
    await patch(id, { name: 'No longer what was read' }).expect(200);
    const stale = await calls.call(admin, 'post', `/roles/${id}/preview`).set('If-Match', etag).send({});
    expect(stale.status).toBe(412);
    const other = await calls.admin();
    expect(await both((send) => send(id, {}, other))).toEqual([404, 'NOT_FOUND']);
  });
});
