import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { until } from '../../src/platform/database/embedded/testing/until.js';
import { Calls, type Caller, refusalOf } from '../keys/key-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface InvitationView {
  id: string;
  delivery: string;
  sentAt: string | null;
  link?: string | null;
}

const PUBLIC_URL = 'http://gate.example.org';
const mails: string[] = [];
let refusing = false;

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, _session, done) {
    void text(stream).then((content) => {
      if (refusing) return done(new Error('Try again later.'));
      // quoted-printable: soft line breaks and escapes
      mails.push(
        content
          .replace(/=\r\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
      );
      done();
    });
  },
});
let app: TestApp;
let calls: Calls;
let operator: Caller;

beforeAll(async () => {
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  app = await startTestApp({
    runsJobs: true,
    environment: {
      SMTP_URL: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
      MAIL_FROM: 'gatehouse@example.org',
      PUBLIC_URL,
    },
  });
  calls = new Calls(app);
  operator = await app.signIn();
});
afterAll(async () => {
  await app.close();
  await new Promise<void>((resolve) => server.close(resolve));
});

const get = async (id: string) =>
  (await calls.call<InvitationView>(operator, 'get', `/invitations/${id}`).expect(200)).body;
const invite = (email: string) =>
  calls.call<InvitationView>(operator, 'post', '/invitations').send({ email, roleId: 'analyst' });
const tokenIn = (mail: string | undefined) => /\/invitation#token=([\w-]{43})/.exec(mail ?? '')?.[1] ?? '';
const accept = (token: string) =>
  app.request
    .post('/api/v1/invitations/accept')
    .send({ token, name: 'Ada', password: 'a password of their own' });

const firstTryFailed = () =>
  until(
    async () =>
      (
        await app.sql(
          `SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'members.mail-invitation' AND last_error IS NOT NULL`,
        )
      ).length === 1,
    () => 'the first try to fail',
  );

it('a link is mailed where there is a mail server, and shown nowhere else', async () => {
  const made = await invite('ada@example.org').set('Idempotency-Key', 'one').expect(201);
  expect(made.body).toMatchObject({ delivery: 'mail', link: null });
  // An answer without a secret is repeated as it was.
  expect((await invite('ada@example.org').set('Idempotency-Key', 'one').expect(201)).body).toEqual(made.body);
  await until(
    async () => (await get(made.body.id)).sentAt !== null,
    () => 'the mail to be sent',
  );
  expect(mails).toHaveLength(1);
  expect(mails[0]).toContain('To: ada@example.org');
  expect(mails[0]).toContain(`${PUBLIC_URL}/invitation#token=`);
  const token = tokenIn(mails[0]);
  const jobs = await app.sql(`SELECT 1 FROM graphile_worker._private_jobs AS t WHERE t::text LIKE $1`, [
    `%${token}%`,
  ]);
  expect(jobs).toEqual([]);
  expect((await accept(token)).status).toBe(201);
});

it('a renewed invitation is mailed anew, and what was mailed before stops working at once', async () => {
  mails.length = 0;
  const { body } = await invite('grace@example.org').expect(201);
  await until(
    async () => (await get(body.id)).sentAt !== null,
    () => 'the mail to be sent',
  );
  const before = tokenIn(mails[0]);
  refusing = true;
  await calls.call(operator, 'post', `/invitations/${body.id}/renew`).expect(200);
  expect((await get(body.id)).sentAt).toBeNull();
  expect(refusalOf((await accept(before)) as never)[1]).toBe('INVITATION_INVALID');
  // A mail server that is away does not lose the mail: the job is tried again.
  await firstTryFailed();
  refusing = false;
  await app.sql(`UPDATE graphile_worker._private_jobs SET run_at = now()`);
  await until(
    async () => (await get(body.id)).sentAt !== null,
    () => 'the second try',
  );
  expect((await accept(tokenIn(mails[1]))).status).toBe(201);
});

it('an invitation that was deleted before its mail went is not mailed', async () => {
  mails.length = 0;
  refusing = true;
  const { body } = await invite('gone@example.org').expect(201);
  await firstTryFailed();
  await calls.call(operator, 'delete', `/invitations/${body.id}`).expect(204);
  refusing = false;
  await app.sql(`UPDATE graphile_worker._private_jobs SET run_at = now()`);
  await until(
    async () => (await app.sql(`SELECT 1 FROM graphile_worker._private_jobs`)).length === 0,
    () => 'the job to be done',
  );
  expect(mails).toEqual([]);
});
