import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database/index.js';
import { Events, EventSequencer } from '../../src/platform/events/index.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { until } from '../faults/until.js';
import { type Mailbox, openMailbox } from '../members/mailbox.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Receiver, startReceiver } from './receiver.js';
import { makeEndpoint } from './webhook-rows.js';

let mailbox: Mailbox;
let app: TestApp;
let hooks: Receiver;
beforeAll(async () => {
  mailbox = await openMailbox('https://gate.example.org');
  hooks = await startReceiver();
  app = await startTestApp({
    runsJobs: true,
    environment: { ...mailbox.environment, WEBHOOK_ALLOW_PRIVATE: 'true' },
  });
});
afterAll(async () => {
  await app.close();
  await hooks.close();
  await mailbox.close();
});

it('writes to the administrators of the organization that an endpoint was disabled, and why', async () => {
  const [admin] = await app.sql<{ id: string }>(
    'SELECT organization_id AS id FROM members WHERE email = $1',
    [app.admin.email],
  );
  const id = admin?.id ?? '';
  const organizationId = toPublicId('organization', id);
  const { id: endpoint } = await makeEndpoint(
    app,
    { organizationId },
    { url: hooks.url, types: ['webhook.test'] },
  );
  hooks.answers((_message, response) => response.writeHead(410).end());
  await app.get(Database).write({ actor: { type: 'system', id: 'test' } }, (tx) =>
    app.get(Events).emit(tx, {
      ...{ type: 'webhook.test', organizationId: id, storeId: null, subjectId: 'cmp_1' },
      data: { message: 'It happened.' },
    }),
  );
  await app.get(EventSequencer).round();
  await until('the mail has come', () => mailbox.mails.length > 0, 20_000);
  const [mail] = mailbox.mails;
  expect(mail).toContain(`To: ${app.admin.email}`);
  expect(mail).toContain('Subject: A webhook endpoint was disabled');
  expect(mail).toContain('it answered that it is gone (410)');
  expect(mail).toContain(toPublicId('webhook', endpoint));
  expect(mail).toContain('https://gate.example.org');
});
