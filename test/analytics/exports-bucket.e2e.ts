import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { S3StandIn } from '../support/s3-stand-in.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { finished } from './report-calls.js';

const PATH = '/analytics/export-configurations';

let app: TestApp;
let api: StoreCalls;
let bucket: S3StandIn;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, environment: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
  bucket = await S3StandIn.start();
});
afterEach(() => bucket.close());
afterAll(() => app.close());

const create = (destination: object = {}, status = 201): Promise<Body> =>
  api.post(
    PATH,
    {
      ...{ name: 'Events', table: 'events', columns: ['id'] },
      destination: { type: 's3', ...bucket.config, prefix: 'shop/', ...destination },
    },
    status,
  );

async function run({ id }: Body) {
  const { id: runId } = await api.post(`${PATH}/${id}/run`, {}, 202);
  return finished(api, `${PATH}/${id}/runs/${runId}`);
}

describe('an export to a bucket', () => {
  it('is put there under a name of its run, and cannot be fetched here', async () => {
    await api.post('/analytics/events', { id: 'a', kind: 'visit' }, 200);
    const configuration = await create();
    const made = await run(configuration);
    const name = `shop/events-${made.id.replace('_', '-')}.csv`;
    expect(made).toMatchObject({
      status: 'succeeded',
      artefacts: [{ format: 'csv', rows: 1, location: `s3://files/${name}` }],
    });
    expect(bucket.objects.get(name)?.toString()).toBe('id\r\na\r\n');
    await api.get(`${PATH}/${configuration.id}/runs/${made.id}/artefacts/csv`, 404);
  });

  it('never shows its secret, which is in no change row', async () => {
    const configuration = await create();
    const { secretAccessKey } = bucket.config;
    const shown = [configuration, await api.get(`${PATH}/${configuration.id}`), await api.get(PATH)];
    const changes = await app.sql(`SELECT * FROM change_log WHERE entity = 'analytics_export'`);
    const [row] = await app.sql<{ sealed: Buffer }>(
      'SELECT sealed FROM analytics_exports WHERE sealed IS NOT NULL',
    );
    expect(JSON.stringify([shown, changes])).not.toContain(secretAccessKey);
    expect(JSON.stringify(changes)).not.toContain('"sealed"');
    expect(row?.sealed.toString('latin1')).not.toContain(secretAccessKey);
  });

  it('keeps its secret until another one is given, at the same address', async () => {
    const { secretAccessKey: _, ...rest } = bucket.config;
    const configuration = await create();
    const path = `${PATH}/${configuration.id}`;
    const destination = { type: 's3', ...rest, prefix: 'other/' };
    expect(await api.patch(path, { destination })).toMatchObject({ destination: { prefix: 'other/' } });
    expect(await run(configuration)).toMatchObject({ status: 'succeeded' });
    const before = await api.get(path);
    await api.patch(path, { destination: { ...destination, secretAccessKey: 'wrong' } });
    expect((await api.get(path))['updatedAt']).not.toBe(before['updatedAt']);
    expect(await run(configuration)).toMatchObject({
      ...{ status: 'failed', tries: 1, error: 'The bucket answered 403 (SignatureDoesNotMatch).' },
    });
    const { error } = await api.patch(
      path,
      { destination: { ...destination, endpoint: 'https://s3.example.com' } },
      400,
    );
    expect(error.details).toMatchObject({
      field: 'destination.secretAccessKey',
      reason: 'is required for s3',
    });
    await api.patch(path, { destination: { type: 'local' } });
    await api.patch(path, { destination }, 400);
  });

  it('that failed is made up for by the next: what was to be in it is in that', async () => {
    await api.post('/analytics/events', { id: 'a', kind: 'visit' }, 200);
    const configuration = await create({ secretAccessKey: 'wrong' });
    expect(await run(configuration)).toMatchObject({ status: 'failed' });
    await api.post('/analytics/events', { id: 'b', kind: 'visit' }, 200);
    await api.patch(`${PATH}/${configuration.id}`, { destination: { type: 's3', ...bucket.config } });
    expect(await run(configuration)).toMatchObject({ artefacts: [{ rows: 2 }] });
  });

  it.each([
    [{ endpoint: 'ftp://a.example' }, 'destination.endpoint'],
    [{ endpoint: 'https://a.example/#x' }, 'destination.endpoint'],
    [{ bucket: 'Not A Bucket' }, 'destination.bucket'],
    [{ region: '../..' }, 'destination.region'],
    [{ prefix: 'a b' }, 'destination.prefix'],
  ])('with %j is refused', async (fields, field) => {
    expect((await create(fields, 400)).error.details['field']).toBe(field);
  });
});

it('reaches no private address where that is not allowed', async () => {
  const strict = await startTestApp();
  try {
    const there = await StoreCalls.inNewStore(strict);
    const destination = { type: 's3', ...bucket.config };
    const body = { name: 'Events', table: 'events', destination };
    expect((await there.post(PATH, body, 400)).error.details['field']).toBe('destination.endpoint');
    for (const endpoint of ['https://10.0.0.1', 'https://localhost', 'http://s3.example.com']) {
      await there.post(PATH, { ...body, destination: { ...destination, endpoint } }, 400);
    }
  } finally {
    await strict.close();
  }
});
