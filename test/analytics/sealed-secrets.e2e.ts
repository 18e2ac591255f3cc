import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SecretBox, SecretHolders } from '../../src/platform/crypto/index.js';
import { Database } from '../../src/platform/database/index.js';
import { StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const OLD = 'the master secret of before, long enough';

let app: TestApp;
let before: TestApp;
beforeAll(async () => {
  before = await startTestApp({ environment: { GATEHOUSE_SECRET: OLD } });
  app = await startTestApp({ database: before.database, environment: { GATEHOUSE_SECRET_PREVIOUS: OLD } });
});
afterAll(async () => {
  await app.close();
  await before.close();
});

it('carries the secrets of reports and of buckets over to another master secret, and counts no others', async () => {
  const api = await StoreCalls.inNewStore(before);
  const report = { name: 'A', period: 'previous-day' };
  await api.post('/analytics/reports', report);
  await api.post('/analytics/reports', { ...report, delivery: { webhookUrl: 'https://hooks.example.com/' } });
  const configuration = { name: 'B', table: 'events' };
  await api.post('/analytics/export-configurations', configuration);
  const destination = {
    ...{ type: 's3', endpoint: 'https://s3.example.com', bucket: 'files', region: 'eu' },
    ...{ accessKeyId: 'access', secretAccessKey: 'the word of the bucket' },
  };
  await api.post('/analytics/export-configurations', { ...configuration, destination });

  const held = app
    .get(SecretHolders)
    .list()
    .filter(({ name }) => /reports|buckets/.test(name));
  const write = <T>(work: (holder: (typeof held)[number]) => Promise<T>) => Promise.all(held.map(work));
  const counted = () =>
    app
      .get(Database)
      .write({ actor: { type: 'system', id: 'test' } }, (tx) => write((holder) => holder.count(tx)));
  expect((await counted()).map((counts) => counts.map(({ count }) => count))).toEqual([[1], [1]]);
  const [, [old] = []] = await counted();
  await app.get(Database).write({ actor: { type: 'system', id: 'test' } }, async (tx) => {
    for (const holder of held) expect(await holder.renew(tx, 10)).toBe(1);
  });
  const [, [current] = []] = await counted();
  expect(current?.masterId).not.toBe(old?.masterId);
  const [row] = await app.sql<{ id: string; sealed: Buffer }>(
    'SELECT id, sealed FROM analytics_exports WHERE sealed IS NOT NULL',
  );
  const opened = app.get(SecretBox).open(row?.sealed ?? Buffer.alloc(0), `analytics-export/${row?.id ?? ''}`);
  expect(opened.toString()).toBe('the word of the bucket');
});
