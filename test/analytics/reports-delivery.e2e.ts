import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { until } from '../faults/until.js';
import { type Mailbox, openMailbox } from '../members/mailbox.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Receiver, startReceiver } from '../webhooks/receiver.js';
import { finished, type Run } from './report-calls.js';

const PATIENCE_MS = 20_000;

let app: TestApp;
let mailbox: Mailbox;
let api: StoreCalls;
let receiver: Receiver;
beforeAll(async () => {
  mailbox = await openMailbox('https://gatehouse.example.com');
  app = await startTestApp({
    runsJobs: true,
    environment: { WEBHOOK_ALLOW_PRIVATE: 'true', REPORT_MAILS_PER_DAY: '3', ...mailbox.environment },
  });
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
  receiver = await startReceiver();
  mailbox.mails.length = 0;
});
afterEach(() => receiver.close());
afterAll(async () => {
  await app.close();
  await mailbox.close();
});

const create = (fields: object): Promise<Body> =>
  api.post('/analytics/reports', { name: 'Yesterday', period: 'previous-day', ...fields });

async function ordered({ id }: Body): Promise<string> {
  const run = await api.post(`/analytics/reports/${id}/run`, {}, 202);
  return `/analytics/reports/${id}/runs/${run.id}`;
}
const run = async (report: Body): Promise<Run> => finished(api, await ordered(report));

describe('a report that was made', () => {
  it('is told to its webhook, signed, with what is in it', async () => {
    const { secret, ...report } = await create({
      formats: ['json', 'csv'],
      delivery: { webhookUrl: receiver.url },
    });
    const { id, deliveries } = await run(report);
    expect(deliveries).toMatchObject([
      { target: 'webhook', to: receiver.url, status: 'succeeded', tries: 1, error: null },
    ]);
    const [{ body = '', headers = {} } = {}] = receiver.received;
    expect(new Webhook(String(secret)).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'report.finished',
      data: {
        ...{ id, report: { id: report.id, name: 'Yesterday' }, trigger: 'request' },
        artefacts: [{ format: 'json' }, { format: 'csv' }],
        document: { sections: [{ name: 'dashboard' }] },
      },
    });
    expect(headers['idempotency-key']).toBe(`${id}/webhook-0`);
    expect(headers['webhook-id']).toBe(`${id}/webhook-0`);
  });

  it('is mailed to so many in a day as the organization may have mails sent, and says so to others', async () => {
    const emails = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.com`);
    const report = await create({ delivery: { emails } });
    const { deliveries } = await run(report);
    expect(deliveries.filter(({ status }) => status === 'succeeded')).toHaveLength(3);
    expect(deliveries.filter(({ status }) => status === 'failed')).toMatchObject(
      Array(2).fill({ tries: 1, error: 'The organization has had as many mails sent today as it may.' }),
    );
    expect(mailbox.mails).toHaveLength(3);
    await app.sql(`UPDATE report_mails SET day = day - 1`);
    const tomorrow = (await run(report)).deliveries;
    expect(tomorrow.filter(({ status }) => status === 'succeeded')).toHaveLength(3);
    expect(mailbox.mails).toHaveLength(6);
  });

  it('is mailed to each address, with its files', async () => {
    const emails = ['ada@example.com', 'grace@example.com'];
    const { id, deliveries } = await run(await create({ formats: ['html', 'csv'], delivery: { emails } }));
    expect(deliveries).toMatchObject(emails.map((to) => ({ target: 'email', to, status: 'succeeded' })));
    expect(mailbox.mails).toHaveLength(2);
    const [first = ''] = [...mailbox.mails].sort();
    expect(first).toContain('Yesterday: ');
    for (const format of ['html', 'csv']) expect(first).toContain(`filename=${id}.${format}`);
    const ids = mailbox.mails.map((mail) => /^Message-ID: <(.+)>/m.exec(mail)?.[1]).sort();
    expect(ids).toEqual([`${id}.email-0@gatehouse`, `${id}.email-1@gatehouse`]);
  });

  it('is there, and mailed, although its webhook refuses it', async () => {
    receiver.answers((_, response) => response.writeHead(410).end());
    const report = await create({ delivery: { webhookUrl: receiver.url, emails: ['ada@example.com'] } });
    const { status, artefacts, deliveries } = await run(report);
    expect({ status, artefacts }).toMatchObject({ status: 'succeeded', artefacts: [{ format: 'html' }] });
    expect(deliveries).toMatchObject([
      { target: 'webhook', status: 'failed', tries: 1, error: 'The address answered 410.' },
      { target: 'email', status: 'succeeded' },
    ]);
  });

  it('is brought again, under the same key, to an address that could not take it', async () => {
    let tries = 0;
    receiver.answers((_, response) => response.writeHead((tries += 1) === 1 ? 503 : 204).end());
    const { deliveries } = await run(await create({ delivery: { webhookUrl: receiver.url } }));
    expect(deliveries).toMatchObject([{ status: 'succeeded', tries: 2, error: null }]);
    expect(new Set(receiver.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(receiver.received).toHaveLength(2);
  });

  it('goes nowhere that the report does not name any more', async () => {
    receiver.answers((_, response) => response.writeHead(503).end());
    const report = await create({ delivery: { webhookUrl: receiver.url } });
    const path = await ordered(report);
    await until('it was tried', () => receiver.received.length > 0, PATIENCE_MS);
    await api.patch(`/analytics/reports/${report.id}`, { delivery: {} });
    const { deliveries } = await finished(api, path);
    expect(deliveries).toMatchObject([{ status: 'failed', error: 'The report does not go there any more.' }]);
  });
});

describe('a report that cannot be made', () => {
  it('is tried again, shown with what is wrong, and told of when it is given up', async () => {
    // A file stands where the directory of the files should be.
    const directory = mkdtempSync(join(tmpdir(), 'gatehouse-blocked-'));
    writeFileSync(join(directory, 'analytics'), 'in the way');
    const broken = await startTestApp({ runsJobs: true, environment: { GATEHOUSE_DATA_DIR: directory } });
    try {
      const there = await StoreCalls.inNewStore(broken);
      const { id } = await there.post('/analytics/reports', { name: 'A', period: 'previous-day' });
      const { id: runId } = await there.post(`/analytics/reports/${id}/run`, {}, 202);
      const path = `/analytics/reports/${id}/runs/${runId}`;
      await until('it was tried', async () => (await there.get(path))['tries'] === 1, PATIENCE_MS);
      await until('it waits', async () => (await there.get(path)).status === 'queued', PATIENCE_MS);
      expect(await there.get(path)).toMatchObject({ error: 'It could not be made, for a reason of ours.' });
      // The pauses between tries are the queue's: as if they were over.
      const hurry = () =>
        broken.database.sql(`UPDATE graphile_worker._private_jobs SET run_at = now()
        WHERE id IN (SELECT id FROM graphile_worker.jobs WHERE task_identifier = 'analytics.run') AND locked_at IS NULL`);
      await until(
        'it is given up',
        async () => {
          await hurry();
          return (await there.get(path)).status === 'failed';
        },
        60_000,
      );
      expect(await there.get(path)).toMatchObject({ tries: 5, artefacts: [], deliveries: [] });
      expect(await there.eventsOf({ id })).toEqual(['report.failed']);
    } finally {
      await broken.close();
      rmSync(directory, { recursive: true });
    }
  });
});
