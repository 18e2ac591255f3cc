import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Receiver, startReceiver } from '../webhooks/receiver.js';
import { MediaCalls } from './media-calls.js';
import { picture } from './media-files.js';
import { type Body, StoreCalls } from './store-calls.js';

let app: TestApp;
let api: StoreCalls;
let receiver: Receiver;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, environment: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
  receiver = await startReceiver();
});
afterEach(() => receiver.close());
afterAll(() => app.close());

const connect = (fields: object = {}): Promise<Body> =>
  api.post('/social-accounts', { platform: 'instagram', name: '@spring', url: receiver.url, ...fields });

const published = async (fields: object = {}): Promise<Body> =>
  api.published(await api.post('/posts', { caption: 'Words.', platforms: ['instagram'], ...fields }));

describe('a social account', () => {
  it('shows its secret once, and keeps it in no change row', async () => {
    const { secret, ...account } = await connect();
    expect(secret).toMatch(/^whsec_/);
    expect(account).toMatchObject({ platform: 'instagram', name: '@spring', status: 'CONNECTED' });
    expect(await api.get(`/social-accounts/${account.id}`)).toEqual(account);
    const changes = await app.sql<{ after: Record<string, unknown> }>(
      `SELECT after FROM change_log WHERE entity = 'social_account'`,
    );
    expect(changes.map(({ after }) => 'sealed' in after)).toEqual([false]);
  });

  it('is not made twice under one Idempotency-Key, and its secret not shown again', async () => {
    const send = () =>
      api
        .call('post', '/social-accounts')
        .set('Idempotency-Key', 'connect-1')
        .send({ platform: 'instagram', name: 'A', url: receiver.url });
    const first = await send().expect(201);
    const { body } = await send().expect(409);
    expect(body.error).toMatchObject({ code: 'SECRET_ALREADY_SHOWN', details: { id: first.body.id } });
  });

  it('is the only one that is connected on its network', async () => {
    const first = await connect();
    const taken = { code: 'CONFLICT', details: { field: 'platform' } };
    const body = { platform: 'instagram', name: '@other', url: receiver.url };
    expect((await api.post('/social-accounts', body, 409)).error).toMatchObject(taken);
    await api.post(`/social-accounts/${first.id}/disconnect`, {}, 200);
    const second = await connect({ name: '@other' });
    expect((await api.post(`/social-accounts/${first.id}/reconnect`, {}, 409)).error).toMatchObject(taken);
    await api.delete(`/social-accounts/${second.id}`);
    expect(await api.post(`/social-accounts/${first.id}/reconnect`, {}, 200)).toMatchObject({
      status: 'CONNECTED',
    });
  });

  it.each([
    [{ platform: 'feed' }, 'platform'],
    [{ platform: 'myspace' }, 'platform'],
    [{ name: ' ' }, 'name'],
    [{ url: 'ftp://a.example' }, 'url'],
    [{ url: 'https://a.example/#b' }, 'url'],
    [{ url: 'nothing' }, 'url'],
  ])('with %j is refused', async (fields, field) => {
    const body = { platform: 'instagram', name: 'A', url: 'https://a.example.com/', ...fields };
    expect((await api.post('/social-accounts', body, 400)).error.details.field).toBe(field);
  });

  it('is listed by network and status, and is not there for another store', async () => {
    const account = await connect();
    await connect({ platform: 'twitter', name: '@tweets' });
    await api.post(`/social-accounts/${account.id}/disconnect`, {}, 200);
    expect(await api.column('/social-accounts?status=CONNECTED')).toEqual(['@tweets']);
    expect(await api.column('/social-accounts?platform=instagram')).toEqual(['@spring']);
    const stranger = await StoreCalls.inNewStore(app);
    await stranger.get(`/social-accounts/${account.id}`, 404);
    await stranger.post(`/social-accounts/${account.id}/reconnect`, {}, 404);
    await (await api.as('read-only')).post(`/social-accounts/${account.id}/reconnect`, {}, 403);
  });

  it('tells which platforms posts can go to', async () => {
    await connect();
    const { data } = await api.get('/social-accounts/platforms');
    expect(data.filter(({ connected }) => connected).map(({ platform }) => platform)).toEqual([
      'feed',
      'instagram',
    ]);
    expect(data).toContainEqual({
      platform: 'twitter',
      captionCharacters: 280,
      hashtags: null,
      media: 4,
      connected: false,
    });
  });
});

describe('a post for a network', () => {
  it('goes to the address of the account, signed, and is seen where that says', async () => {
    const { secret, id } = await connect();
    receiver.answers((_, response) =>
      response.writeHead(200).end('{"url": "https://network.example.com/1"}'),
    );
    const files = await MediaCalls.withNewStore(app, { role: 'read-write', storeId: api.key.storeId });
    const medium = await files.uploaded(await picture('png'), 'tulips.png', { alt: 'Tulips.' });
    const mediaIds = [medium.id];
    const post = await published({ title: 'Spring', link: 'https://shop.example.com/', mediaIds });
    expect(post).toMatchObject({
      status: 'PUBLISHED',
      publications: [{ platform: 'instagram', status: 'PUBLISHED', url: 'https://network.example.com/1' }],
    });
    const [received] = receiver.received;
    const { body = '', headers = {} } = received ?? {};
    expect(new Webhook(String(secret)).verify(body, headers as Record<string, string>)).toEqual({
      type: 'post.publish',
      platform: 'instagram',
      account: { id, name: '@spring' },
      post: {
        id: post.id,
        title: 'Spring',
        caption: 'Words.',
        link: 'https://shop.example.com/',
        media: [
          {
            id: medium.id,
            url: expect.stringMatching(`^http://[^/]+/media/${medium.id}$`),
            type: 'image/png',
            alt: 'Tulips.',
            width: 40,
            height: 30,
            bytes: medium.bytes,
          },
        ],
      },
    });
    expect(headers['webhook-id']).toBe(`${post.id}/instagram`);
    expect(headers['idempotency-key']).toBe(`${post.id}/instagram`);
  });

  it.each([
    ['javascript:alert(1)', null],
    ['https://a.example/', 'https://a.example/'],
    [7, null],
  ])('is seen at %j only where that can be followed', async (url, expected) => {
    await connect();
    receiver.answers((_, response) => response.writeHead(200).end(JSON.stringify({ url })));
    expect((await published()).publications).toMatchObject([{ status: 'PUBLISHED', url: expected }]);
  });

  it('that is refused is not tried again; one whose address breaks is, under the same key', async () => {
    await connect();
    receiver.answers((_, response) => response.writeHead(422).end());
    const refused = await published();
    expect(refused.publications).toMatchObject([
      { status: 'FAILED', attempts: 1, error: 'The account’s address answered 422.' },
    ]);
    receiver.received.length = 0;
    let tries = 0;
    receiver.answers((_, response) => response.writeHead((tries += 1) === 1 ? 503 : 204).end());
    const late = await published();
    expect(late.publications).toMatchObject([{ status: 'PUBLISHED', attempts: 2, error: null, url: null }]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('goes nowhere without an account, or with one that is disconnected', async () => {
    const { id } = await connect();
    await api.post(`/social-accounts/${id}/disconnect`, {}, 200);
    expect((await published()).publications).toMatchObject([
      { status: 'FAILED', error: 'No account is connected for instagram.' },
    ]);
    expect(receiver.received).toEqual([]);
  });
});
