import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Body, StoreCalls } from './store-calls.js';

const FEED = 'sku,name,price\nMUG-1,Blue mug,12.90 EUR\nMUG-2,,1.00 EUR\n';

let app: TestApp;
let store: StoreCalls;
let server: Server;
let asked: string[];
let answer: RequestListener;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, environment: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
});
beforeEach(async () => {
  store = await StoreCalls.inNewStore(app);
  asked = [];
  answer = (_request, response) => response.end(FEED);
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => new Promise((done) => server.close(done)));
afterAll(() => app.close());

const address = (path = '/feed.csv') => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
const order = (input: object, status = 202): Promise<Body> =>
  store.post('/jobs', { type: 'products.import', input: { format: 'csv', ...input } }, status);

async function finished(input: object): Promise<Body> {
  const { id } = await order(input);
  return store.get(`/jobs/${id}?wait=30`);
}

describe('a feed at an address', () => {
  it('is fetched once and imported like one that was sent', async () => {
    expect(await finished({ url: address() })).toMatchObject({
      status: 'succeeded',
      input: { format: 'csv', url: address() },
      result: { rows: 2, created: 1, refused: 1 },
    });
    expect(asked).toEqual(['/feed.csv']);
  });

  it('is the same for a run that goes on', async () => {
    answer = (_request, response) => response.end('sku,name,price\n"open');
    const failed = await finished({ url: address() });
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'FEED_UNREADABLE' } });
    answer = (_request, response) => response.end(FEED);
    await store.post(`/jobs/${failed.id}/retry`, {}, 200);
    expect(await store.get(`/jobs/${failed.id}?wait=30`)).toMatchObject({
      error: { code: 'FEED_UNREADABLE' },
    });
    expect(asked).toHaveLength(1);
  });

  it('is followed where it has moved to, and not for ever', async () => {
    answer = ({ url }, response) => {
      if (url === '/moved.csv') response.end(FEED);
      else response.writeHead(302, { location: url === '/feed.csv' ? '/moved.csv' : url }).end();
    };
    expect(await finished({ url: address() })).toMatchObject({ status: 'succeeded' });
    expect(await finished({ url: address('/round') })).toMatchObject({
      status: 'failed',
      error: { code: 'FEED_UNREACHABLE', message: 'The address of the feed redirects too often.' },
    });
    expect(asked).toHaveLength(2 + 4);
  });

  it('is not followed to where nobody may go', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    expect(await finished({ url: address() })).toMatchObject({
      status: 'failed',
      error: { code: 'FEED_UNREACHABLE' },
    });
  });

  it.each<[string, RequestListener, object]>([
    [
      'is not there',
      (_request, response) => response.writeHead(404).end(),
      { code: 'FEED_UNREACHABLE', message: 'The address of the feed answered 404.' },
    ],
    [
      'is no text',
      (_request, response) => response.end(Buffer.from([0x61, 0xff, 0x61])),
      { code: 'FEED_UNREADABLE', message: 'The feed is not UTF-8.' },
    ],
    [
      'has what no text has',
      (_request, response) => response.end('sku\n\u0000'),
      { code: 'FEED_UNREADABLE', message: expect.stringMatching(/^The feed must /) },
    ],
    [
      'is too large',
      (_request, response) => response.end(Buffer.alloc(8_000_001, 'x')),
      { code: 'FEED_UNREADABLE', message: 'The feed has more than 8000000 bytes.' },
    ],
  ])('fails the job where it %s', async (_name, listener, error) => {
    answer = listener;
    expect(await finished({ url: address() })).toMatchObject({ status: 'failed', error });
  });

  it('is tried again where its address fails', async () => {
    answer = (_request, response) => response.writeHead(503).end();
    const { id } = await order({ url: address() });
    await until('a run failed', async () => (await store.get(`/jobs/${id}`)).failures === 1, 20_000);
    expect(await store.get(`/jobs/${id}`)).toMatchObject({
      status: 'queued',
      error: { code: 'FEED_UNREACHABLE', message: 'The address of the feed answered 503.' },
    });
  });

  it('is either sent or named, and named by a public address', async () => {
    const reasons = async (input: object) => (await order(input, 400)).error.details;
    expect(await reasons({})).toMatchObject({ field: 'input.content', reason: 'is required, or url' });
    expect(await reasons({ content: FEED, url: address() })).toMatchObject({ field: 'input.url' });
    expect(await reasons({ url: 'http://shop.example.com/' })).toMatchObject({
      field: 'input.url',
      reason: 'must be https',
    });
    expect(await reasons({ url: 'https://169.254.169.254/' })).toMatchObject({
      field: 'input.url',
      reason: 'must be a public address',
    });
  });
});
