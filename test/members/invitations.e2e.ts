import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, Calls, type Caller, refusalOf, uuidOf } from '../keys/key-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { People, type Person } from './people.js';

interface InvitationView {
  id: string;
  email: string;
  name: string | null;
  role: { id: string; name: string } | null;
  status: string;
  delivery: string;
  sentAt: string | null;
  expiresAt: string;
  acceptedAt: string | null;
  invitedBy: { type: string; id: string };
  createdAt: string;
  link?: string | null;
}

const PASSWORD = 'a password of their own';
const TOKEN = /^http:\/\/127\.0\.0\.1:\d+\/invitation#token=([\w-]{43})$/;

let app: TestApp;
let calls: Calls;
let people: People;
let organizationId: string;
let admin: Person & Caller;
let invited = 0;

beforeAll(async () => {
  app = await startTestApp({ environment: { TRUST_PROXY: '1' } });
  calls = new Calls(app);
  people = new People(app);
});
beforeEach(async () => {
  organizationId = await people.organization('Fjord & Pine');
  admin = await people.signedIn({ organizationId });
});
afterAll(() => app.close());

const someone = () => `invited-${(invited += 1)}@example.org`;
const invite = (body: object = {}, by: Caller = admin) =>
  calls
    .call<InvitationView>(by, 'post', '/invitations')
    .send({ email: someone(), roleId: 'analyst', ...body });
const tokenOf = ({ body }: Answer<InvitationView>) => TOKEN.exec(body.link ?? '')?.[1] ?? 'no link';
const renew = (id: string, by: Caller = admin) =>
  calls.call<InvitationView>(by, 'post', `/invitations/${id}/renew`);
const accept = (token: string, body: object = {}, headers: Record<string, string> = {}) =>
  app.request
    .post('/api/v1/invitations/accept')
    .set({ 'X-Forwarded-For': `10.1.0.${(invited += 1) % 250}`, ...headers })
    .send({ token, name: 'Ada', password: PASSWORD, ...body }) as unknown as Promise<
    Answer<{ id: string; email: string; name: string; role: { name: string } }>
  >;
const listed = async (query = '') =>
  (await calls.call<{ data: InvitationView[] }>(admin, 'get', `/invitations${query}`).expect(200)).body.data;
/** Lets an invitation end. */
const end = (id: string) =>
  app.sql(`UPDATE invitations SET expires_at = now() WHERE id = $1`, [uuidOf('invitation', id)]);

describe('an invitation', () => {
  it('is answered with its link, once, and never again', async () => {
    const email = someone();
    const send = () => invite({ email: email.toUpperCase(), name: 'Ada' }).set('Idempotency-Key', email);
    const answer = await send().expect(201);
    const { link, ...view } = answer.body;
    expect(link).toMatch(TOKEN);
    expect(view).toMatchObject({
      email,
      name: 'Ada',
      role: { name: 'analyst' },
      status: 'pending',
      delivery: 'link',
      sentAt: null,
      acceptedAt: null,
      invitedBy: { type: 'member', id: admin.id },
    });
    const days = (Date.parse(view.expiresAt) - Date.parse(view.createdAt)) / 86_400_000;
    expect(days).toBeCloseTo(7, 3);
    expect(answer.headers['location']).toBe(`/api/v1/invitations/${view.id}`);
    const url = `/invitations/${view.id}`;
    expect((await calls.call<InvitationView>(admin, 'get', url).expect(200)).body).toEqual(view);
    expect(await listed()).toEqual([view]);
    expect(refusalOf(await send())).toEqual([409, 'SECRET_ALREADY_SHOWN', { id: view.id }]);
  });

  it('leaves its token nowhere: not in the database, the logs or the events', async () => {
    const token = tokenOf(await invite().expect(201));
    await accept(token);
    const tables = await app.sql<{ name: string }>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables)
      expect([
        name,
        await app.sql(`SELECT 1 FROM ${name} AS t WHERE t::text LIKE $1`, [`%${token}%`]),
      ]).toEqual([name, []]);
    const digests = await app.sql(
      `SELECT 1 FROM change_log WHERE entity = 'invitation' AND (before ? 'token_digest' OR after ? 'token_digest')`,
    );
    expect(digests).toEqual([]);
  });

  it('is refused for what is no address or no role, and to who has not what the role has', async () => {
    for (const [body, field] of [
      [{ email: 'nobody' }, 'email'],
      [{ roleId: 'nonsense' }, 'roleId'],
      [{ roleId: await calls.role(await people.organization(), {}) }, 'roleId'],
      [{ name: '' }, 'name'],
      [{ operator: true }, 'operator'],
    ] as const) {
      const fault = [400, 'INVALID_INPUT', expect.objectContaining({ field })];
      expect(refusalOf(await invite(body))).toEqual(fault);
    }
    const role = await calls.role(organizationId, { 'settings.members': 'admin' });
    const limited = await people.signedIn({ organizationId, role });
    expect(refusalOf(await invite({}, limited))[1]).toBe('EXCEEDS_OWN_GRANTS');
    const given = await invite({ roleId: 'admin' }).expect(201);
    // A new link is the role given anew: who renews could use it.
    expect(refusalOf(await renew(given.body.id, limited))[1]).toBe('EXCEEDS_OWN_GRANTS');
    expect(await listed()).toHaveLength(1);
  });

  it('is refused for a member’s address in the same words whoever has it, and twice while it is open', async () => {
    const elsewhere = await people.add({ organizationId: await people.organization() });
    const answers = [await invite({ email: admin.email }), await invite({ email: elsewhere.email })];
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
      [409, 'CONFLICT'],
      [409, 'CONFLICT'],
    ]);
    expect(new Set(answers.map(({ body }) => body.error.message)).size).toBe(1);

    const email = someone();
    const both = await Promise.all([invite({ email }), invite({ email })]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const { id } = both.find(({ status }) => status === 201)?.body ?? { id: '' };
    expect(refusalOf(await invite({ email }))).toEqual([409, 'CONFLICT', { id }]);
    await end(id);
    await invite({ email }).expect(201);
    expect((await listed()).map((one) => one.email)).toEqual([email]);
  });

  it('is listed by its state, and out of reach for others', async () => {
    const [pending, ended, used] = [await invite(), await invite(), await invite()];
    await end(ended.body.id);
    await accept(tokenOf(used));
    const ids = async (status: string) => (await listed(`?status=${status}`)).map(({ id }) => id);
    expect(await ids('pending')).toEqual([pending.body.id]);
    expect(await ids('expired')).toEqual([ended.body.id]);
    expect(await ids('accepted')).toEqual([used.body.id]);

    const other = await calls.admin();
    const url = `/invitations/${pending.body.id}`;
    for (const answer of [
      await calls.call(other, 'get', url),
      await renew(pending.body.id, other),
      await calls.call(other, 'delete', url),
    ])
      expect(answer.status).toBe(404);
    const tester = await calls.admin({ sandbox: true });
    expect(refusalOf(await invite({}, tester))[1]).toBe('PERMISSION_DENIED');
  });

  it('can be renewed: a new link, seven more days, the old link dead', async () => {
    const made = await invite().expect(201);
    await end(made.body.id);
    expect((await calls.call<InvitationView>(admin, 'get', `/invitations/${made.body.id}`)).body.status).toBe(
      'expired',
    );
    const renewed = await renew(made.body.id).expect(200);
    expect(renewed.body.status).toBe('pending');
    expect(Date.parse(renewed.body.expiresAt)).toBeGreaterThan(Date.now() + 6.9 * 86_400_000);
    expect(refusalOf(await accept(tokenOf(made)))[1]).toBe('INVITATION_INVALID');
    expect((await accept(tokenOf(renewed))).status).toBe(201);
    expect(refusalOf(await renew(made.body.id))).toEqual([409, 'CONFLICT', undefined]);
  });

  it('keeps its role from being deleted while it is open, and no longer', async () => {
    const role = await calls
      .call<{ id: string }>(admin, 'post', '/roles')
      .send({ name: 'Promised', grants: { content: 'read' } });
    const made = await invite({ roleId: role.body.id }).expect(201);
    const remove = () => calls.call(admin, 'delete', `/roles/${role.body.id}`);
    expect(refusalOf(await remove())).toEqual([
      409,
      'CONFLICT',
      expect.objectContaining({ invitationCount: 1, memberCount: 0, count: 0 }),
    ]);
    await end(made.body.id);
    await remove().expect(204);
    expect((await listed())[0]).toMatchObject({ id: made.body.id, role: null });
    expect((await renew(made.body.id)).status).toBe(409);
  });

  it('can be deleted, for the version it was meant for', async () => {
    const made = await invite().expect(201);
    const url = `/invitations/${made.body.id}`;
    const { headers } = await calls.call(admin, 'get', url).expect(200);
    expect(headers['etag']).toBe(made.headers['etag']);
    const renewed = await renew(made.body.id).expect(200);
    const stale = await calls.call(admin, 'delete', url).set('If-Match', headers['etag'] ?? '');
    expect(refusalOf(stale)[1]).toBe('PRECONDITION_FAILED');
    await calls.call(admin, 'delete', url).expect(204);
    expect(refusalOf(await accept(tokenOf(renewed)))[1]).toBe('INVITATION_INVALID');
  });
});

describe('accepting an invitation', () => {
  it('makes a member who can sign in, and tells of it', async () => {
    const made = await invite().expect(201);
    const joined = await accept(tokenOf(made));
    expect([joined.status, joined.body]).toMatchObject([
      201,
      {
        email: made.body.email,
        name: 'Ada',
        role: { name: 'analyst' },
        organization: { id: organizationId },
      },
    ]);
    expect(joined.headers['set-cookie']).toBeUndefined();
    const session = await people.signIn(made.body.email, PASSWORD);
    const me = await calls.call<{ id: string; organization: { id: string } }>(session, 'get', '/me');
    expect(me.body).toMatchObject({ id: joined.body.id, organization: { id: organizationId } });
    expect((await listed('?status=accepted'))[0]).toMatchObject({ id: made.body.id });

    const events = await app.sql<{ type: string; data: Record<string, unknown> }>(
      'SELECT type, data FROM events WHERE subject_id = ANY ($1) ORDER BY id',
      [[made.body.id, joined.body.id]],
    );
    expect(events.map(({ type }) => type)).toEqual(['member.invited', 'member.joined']);
    expect(events[0]?.data).not.toHaveProperty('link');
    const requestId = uuidOf('request', joined.headers['x-request-id'] ?? '');
    expect(
      await app.sql(
        `SELECT entity, action, actor_type, actor_id FROM change_log WHERE request_id = $1 ORDER BY id`,
        [requestId],
      ),
    ).toEqual([
      { entity: 'member', action: 'insert', actor_type: 'system', actor_id: 'invitation' },
      { entity: 'invitation', action: 'update', actor_type: 'system', actor_id: 'invitation' },
    ]);
    expect(
      await app.sql('SELECT member_id, organization_id FROM request_log WHERE request_id = $1', [requestId]),
    ).toEqual([
      {
        member_id: uuidOf('member', joined.body.id),
        organization_id: uuidOf('organization', organizationId),
      },
    ]);
  });

  it('takes the invitation’s name where none is given, and asks for one where it has none', async () => {
    const named = await accept(tokenOf(await invite({ name: 'Grace' })), { name: undefined });
    expect(named.body.name).toBe('Grace');
    const nameless = await invite();
    expect(refusalOf(await accept(tokenOf(nameless), { name: undefined }))).toEqual([
      400,
      'INVALID_INPUT',
      expect.objectContaining({ field: 'name' }),
    ]);
    expect((await accept(tokenOf(nameless))).status).toBe(201);
  });

  it('works once, however many try at the same moment', async () => {
    const token = tokenOf(await invite());
    const answers = await Promise.all([1, 2, 3].map(() => accept(token)));
    expect(answers.map(({ status, body }) => [status, body.error?.code]).sort()).toEqual([
      [201, undefined],
      [404, 'INVITATION_INVALID'],
      [404, 'INVITATION_INVALID'],
    ]);
  });

  it('is refused alike for every wrong link, before any password is looked at', async () => {
    const ended = await invite();
    await end(ended.body.id);
    const wrong = ['', 'x', 'A'.repeat(43), `${'A'.repeat(42)}!`, tokenOf(ended)];
    const answers = await Promise.all(wrong.slice(1).map((token) => accept(token)));
    expect(answers.map((answer) => refusalOf(answer))).toEqual(
      answers.map(() => [404, 'INVITATION_INVALID', undefined]),
    );
    expect(new Set(answers.map(({ body }) => body.error.message)).size).toBe(1);
    for (const [body, field] of [
      [{ token: '' }, 'token'],
      [{ password: 'elevenbytes' }, 'password'],
      [{ password: 'x'.repeat(73) }, 'password'],
      [{ name: '' }, 'name'],
      [{ roleId: 'admin' }, 'roleId'],
    ] as const) {
      const fault = [400, 'INVALID_INPUT', expect.objectContaining({ field })];
      expect(refusalOf(await accept('A'.repeat(43), body))).toEqual(fault);
    }
  });

  it('is refused from another site, in a suspended organization, and for an address taken meanwhile', async () => {
    const [first, second] = [await invite(), await invite()];
    const foreign = await accept(tokenOf(first), {}, { Origin: 'https://elsewhere.example' });
    expect(refusalOf(foreign)[1]).toBe('CSRF_TOKEN_INVALID');
    const status = (to: string) =>
      app.sql('UPDATE organizations SET status = $1 WHERE id = $2', [
        to,
        uuidOf('organization', organizationId),
      ]);
    await status('suspended');
    expect(refusalOf(await accept(tokenOf(first)))[1]).toBe('ORGANIZATION_SUSPENDED');
    await status('active');
    expect((await accept(tokenOf(first))).status).toBe(201);
    await people.add({ organizationId: await people.organization(), email: second.body.email });
    expect(refusalOf(await accept(tokenOf(second)))[1]).toBe('CONFLICT');
  });

  it('is slowed down for an address that keeps guessing, and for no other', async () => {
    const guesser = { 'X-Forwarded-For': '10.2.0.1' };
    for (let i = 0; i < 60; i++) expect((await accept('A'.repeat(43), {}, guesser)).status).toBe(404);
    const token = tokenOf(await invite());
    const blocked = await accept(token, {}, guesser);
    expect(refusalOf(blocked)[1]).toBe('TOO_MANY_FAILED_ATTEMPTS');
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
    expect((await accept(token)).status).toBe(201);
  });
});

describe('a link under a master secret that is being changed', () => {
  it('goes on working', async () => {
    const token = tokenOf(await invite());
    const next = await startTestApp({
      database: app.database,
      environment: {
        GATEHOUSE_SECRET: 'the next master secret, long enough too',
        GATEHOUSE_SECRET_PREVIOUS: 'a master secret for tests, long enough',
      },
    });
    try {
      const answer = await next.request
        .post('/api/v1/invitations/accept')
        .send({ token, name: 'Ada', password: PASSWORD });
      expect(answer.status).toBe(201);
    } finally {
      await next.close();
    }
  });
});
