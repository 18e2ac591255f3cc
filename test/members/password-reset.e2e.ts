import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { ResetMail } from '../../src/members/password-resets/reset-mail.js';
import { until } from '../../src/platform/database/embedded/testing/until.js';
import { Database } from '../../src/platform/database/index.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Mailbox, openMailbox } from './mailbox.js';
import { addPerson, attempt, eventsOf, type Person, refusal, send, signIn } from './signing-in.js';

const PUBLIC_URL = 'http://gate.example.org';
const NEXT = 'another walk to the sea';
const INVALID = [400, 'LINK_INVALID'];

let mailbox: Mailbox;
let app: TestApp;
/** The same house, without a mail server. */
let silent: TestApp;

beforeAll(async () => {
  mailbox = await openMailbox(PUBLIC_URL);
  app = await startTestApp({ runsJobs: true, environment: mailbox.environment });
  silent = await startTestApp({ database: app.database });
});
afterAll(async () => {
  await silent.close();
  await app.close();
  await mailbox.close();
});

const request = (to: TestApp, email: string) => to.request.post('/api/v1/password-resets').send({ email });
const confirm = (token: string, password = NEXT) =>
  app.request.post('/api/v1/password-resets/confirm').send({ token, password });
const tokenIn = (text: string | undefined) =>
  /\/password-reset#token=([\w-]{43})/.exec(text ?? '')?.[1] ?? '';

async function jobsDone(): Promise<void> {
  await until(
    async () => (await app.sql('SELECT 1 FROM graphile_worker._private_jobs')).length === 0,
    () => 'the jobs to be done',
  );
}

/** The token of a link that the administrator has made and hands over. */
async function linkFor({ id }: Person): Promise<string> {
  const made = await send(silent, await silent.signIn(), 'post', `/members/${id}/password-reset`);
  expect([made.status, made.body]).toEqual([
    201,
    { delivery: 'link', link: expect.any(String), expiresAt: expect.any(String) },
  ]);
  const { link } = made.body as { link: string };
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/password-reset#token=/);
  return tokenIn(link);
}

function told({ status, body, headers }: Response): unknown {
  const { date: _date, 'x-request-id': _id, ...rest } = headers as Record<string, unknown>;
  return { status, body: body as unknown, rest };
}

describe('asking for a link', () => {
  it('is answered alike for every address, and mails a link to the one that is a member’s', async () => {
    const ada = await addPerson(app, 'ada@example.com');
    const idle = await addPerson(app, 'idle@example.com');
    await app.sql(`UPDATE members SET status = 'disabled' WHERE id = $1`, [idle.uuid]);
    const known = await request(app, 'Ada@Example.com');
    expect(known.status).toBe(202);
    for (const email of ['nobody@example.com', 'idle@example.com', 'no address']) {
      expect(told(await request(app, email))).toEqual(told(known));
    }
    await jobsDone();
    expect(mailbox.mails).toHaveLength(1);
    expect(mailbox.mails[0]).toContain('To: ada@example.com');
    expect(mailbox.mails[0]).toContain(`${PUBLIC_URL}/password-reset#token=`);

    // Asked again at once, nothing is mailed, and the link on its way still works.
    await request(app, ada.email);
    await jobsDone();
    expect(mailbox.mails).toHaveLength(1);
    const token = tokenIn(mailbox.mails[0]);
    expect((await confirm(token)).status).toBe(204);
    const [log] = await app.sql<{ member_id: string }>(
      `SELECT member_id FROM request_log WHERE path = '/api/v1/password-resets/confirm' AND status = 204`,
    );
    expect(log).toEqual({ member_id: ada.uuid });
    for (const table of ['password_resets', 'request_log', 'change_log', 'events']) {
      const rows = await app.sql<{ text: string }>(`SELECT t::text AS text FROM ${table} t`);
      expect(rows.filter(({ text }) => text.includes(token))).toEqual([]);
    }
  });

  it('says the same without a mail server, and makes nothing', async () => {
    await addPerson(app, 'bob@example.com');
    const asked = await request(silent, 'bob@example.com');
    expect([asked.status, asked.body]).toEqual([202, (await request(app, 'nobody@example.com')).body]);
    await jobsDone();
    expect(await app.sql('SELECT 1 FROM password_resets')).toEqual([]);
  });

  it('by a stranger does not replace what an administrator has asked for and still waits', async () => {
    const hugo = await addPerson(app, 'hugo@example.com');
    await request(app, hugo.email);
    await jobsDone();
    mailbox.mails.length = 0;
    // both wait until the transaction ends, as they would for a mail server that is down
    await app.get(Database).write({ actor: { type: 'system', id: 'test' } }, async (tx) => {
      const mail = app.get(ResetMail);
      await mail.enqueue(tx, { memberId: hugo.uuid, isUrgent: true });
      await mail.enqueue(tx, { memberId: hugo.uuid, isUrgent: false });
    });
    await jobsDone();
    expect(mailbox.mails).not.toEqual([]);
  });

  it('takes no other origin', async () => {
    const foreign = await request(app, 'ada@example.com').set('Origin', 'http://evil.example');
    expect(refusal(foreign)).toEqual([403, 'CSRF_TOKEN_INVALID']);
  });
});

describe('a link', () => {
  it('works once, also of two who hold it, ends the sessions, and leaves the second factor', async () => {
    const carl = await addPerson(app, 'carl@example.com');
    const browser = await signIn(app, carl);
    await app.sql(
      `INSERT INTO member_totp (id, member_id, organization_id, secret, confirmed_at)
       SELECT gen_random_uuid(), id, organization_id, 'x', now() FROM members WHERE id = $1`,
      [carl.uuid],
    );
    const token = await linkFor(carl);
    const weak = await confirm(token, 'carl@example.com');
    expect(refusal(weak)).toEqual([400, 'INVALID_INPUT', 'password']);
    const outcomes = await Promise.all([confirm(token), confirm(token, `${NEXT} 2`)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([204, 400]);
    expect(refusal(await confirm(token))).toEqual(INVALID);
    expect(refusal(await send(app, browser, 'get', '/me'))).toEqual([401, 'SESSION_INVALID']);
    const password = outcomes[0]?.status === 204 ? NEXT : `${NEXT} 2`;
    expect(refusal(await attempt(app, { email: carl.email, password }))).toEqual([401, 'TOTP_REQUIRED']);
    expect(refusal(await attempt(app, { email: carl.email, password: carl.password }))).toEqual([
      401,
      'SIGN_IN_FAILED',
    ]);
    expect(await eventsOf(app, carl)).toEqual([{ type: 'member.password_changed', data: { by: 'link' } }]);
  });

  it('that is replaced, past its end, of a disabled member or none at all gets one answer', async () => {
    const dora = await addPerson(app, 'dora@example.com');
    const replaced = await linkFor(dora);
    const ended = await linkFor(dora);
    expect(refusal(await confirm(replaced))).toEqual(INVALID);
    await app.sql('UPDATE password_resets SET expires_at = now() WHERE member_id = $1', [dora.uuid]);
    expect(refusal(await confirm(ended))).toEqual(INVALID);
    const idle = await linkFor(dora);
    await app.sql(`UPDATE members SET status = 'disabled' WHERE id = $1`, [dora.uuid]);
    const answers = [idle, replaced, 'x', 'A'.repeat(43)].map((token) => confirm(token));
    for (const answer of await Promise.all(answers)) expect(refusal(answer)).toEqual(INVALID);
    const disabled = await send(silent, await silent.signIn(), 'post', `/members/${dora.id}/password-reset`);
    expect(refusal(disabled)).toEqual([409, 'CONFLICT']);
  });

  it('is made by who holds what the member has, for anybody but oneself', async () => {
    const erin = await addPerson(app, 'erin@example.com', 'admin');
    const frank = await addPerson(app, 'frank@example.com', 'admin');
    const admin = await signIn(silent, frank);
    const analyst = await signIn(silent, await addPerson(app, 'gina@example.com', 'analyst'));
    const [self] = await app.sql<{ id: string }>('SELECT id FROM members WHERE operator');
    const operator = toPublicId('member', self?.id ?? '');
    const make = (by: typeof admin, id: string) => send(silent, by, 'post', `/members/${id}/password-reset`);
    expect(refusal(await make(analyst, erin.id))).toEqual([403, 'PERMISSION_DENIED']);
    expect(refusal(await make(admin, operator))).toEqual([403, 'PERMISSION_DENIED']);
    expect(refusal(await make(await silent.signIn(), operator))).toEqual([409, 'CONFLICT']);
    const first = await make(admin, erin.id).set('Idempotency-Key', 'one');
    expect(first.status).toBe(201);
    expect(refusal(await make(admin, erin.id).set('Idempotency-Key', 'one'))).toEqual([
      409,
      'SECRET_ALREADY_SHOWN',
    ]);

    mailbox.mails.length = 0;
    const mailed = await send(app, await signIn(app, frank), 'post', `/members/${erin.id}/password-reset`);
    expect([mailed.status, mailed.body]).toEqual([201, { delivery: 'mail', link: null, expiresAt: null }]);
    await jobsDone();
    expect((await confirm(tokenIn((first.body as { link: string }).link))).status).toBe(400);
    expect((await confirm(tokenIn(mailbox.mails[0]))).status).toBe(204);
  });
});
