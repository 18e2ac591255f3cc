import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSequencer } from '../../src/platform/events/index.js';
import { StoreCalls } from '../content/store-calls.js';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Received, type Receiver, startReceiver, verified } from '../webhooks/receiver.js';
import { makeEndpoint } from '../webhooks/webhook-rows.js';

// What the product says of webhooks, sentence by sentence.

const PATIENCE_MS = 20_000;
const PROMISED = ['post.created', 'post.published', 'post.failed', 'campaign.started'];

let app: TestApp;
let api: StoreCalls;
let receiver: Receiver;
let secret: Buffer;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, environment: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
  receiver = await startReceiver();
  api = await StoreCalls.inNewStore(app);
  ({ secret } = await makeEndpoint(app, api.key, { url: receiver.url, types: PROMISED }));
});
afterAll(async () => {
  await receiver.close();
  await app.close();
});

/** The event of something, once it has come. */
async function received(type: string, { id }: { id: string }): Promise<Received> {
  const find = () =>
    receiver.received.find(({ payload }) => payload.type === type && payload.subjectId === id);
  const hasCome = async () => {
    // What the leader among the processes does all the time.
    await app.get(EventSequencer).round();
    return find() !== undefined;
  };
  await until(`${type} has come`, hasCome, PATIENCE_MS);
  return find() as Received;
}

describe('webhooks', () => {
  it('tell of posts created, published and failed, and of campaigns started', async () => {
    const post = { caption: 'Twenty percent off.', status: 'SCHEDULED', scheduledFor: new Date() };
    const published = await api.post('/posts', { ...post, platforms: ['feed'] });
    const failed = await api.post('/posts', { ...post, platforms: ['instagram'] });
    const campaign = { name: 'Spring', platform: 'email', status: 'SCHEDULED', startDate: new Date() };
    const started = await api.post('/campaigns', campaign);
    await received('post.created', published);
    await received('post.published', published);
    await received('post.failed', failed);
    await received('campaign.started', started);
  });

  it('have the type, the time, the object, and whose it is; their signature is an HMAC-SHA256', async () => {
    const post = await api.post('/posts', { caption: 'Words.', platforms: ['feed'] });
    const message = await received('post.created', post);
    const { organizationId, storeId } = api.key;
    expect(message.payload).toMatchObject({
      type: 'post.created',
      organizationId,
      storeId,
      subjectId: post.id,
    });
    expect(verified(message, secret)).toEqual(message.payload);
    expect(() => verified({ ...message, body: `${message.body} ` }, secret)).toThrow();
  });

  it('of comments are named, and not told yet', async () => {
    const { data } = await api.get('/event-types');
    expect(data.map(({ type }) => type)).toEqual(expect.arrayContaining(PROMISED));
    expect(data.find(({ type }) => type === 'comment.received')?.['reserved']).toBe(true);
  });
});
