import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Media, MediaCalls } from './media-calls.js';
import { MP4, picture } from './media-files.js';
import { type Body, StoreCalls } from './store-calls.js';
import { TestConnectorsModule, TestNetwork } from './test-connectors.js';

let app: TestApp;
let api: StoreCalls;
let media: MediaCalls;
let png: Buffer;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, modules: [TestConnectorsModule] });
  png = await picture('png');
});
beforeEach(async () => {
  media = await MediaCalls.withNewStore(app);
  api = new StoreCalls(app, media.key);
});
afterAll(() => app.close());

const upload = (texts: Record<string, string> = {}, bytes = png): Promise<Media> =>
  media.uploaded(bytes, 'tulips.png', texts);
const write = (mediaIds: readonly string[], fields: object = {}): Promise<Body> =>
  api.post('/posts', { caption: 'Words.', platforms: ['feed'], mediaIds, ...fields });
const look = (id: string, init: RequestInit = {}) => fetch(`${app.url}/media/${id}`, init);

describe('the media of a post', () => {
  it('keep their order, and are in its events and change rows', async () => {
    const [a, b] = [await upload(), await upload()];
    const variants = [{ platform: 'feed', caption: 'There.', mediaIds: [a.id] }];
    const post = await write([b.id, a.id], { variants });
    expect(post).toMatchObject({ mediaIds: [b.id, a.id], variants });
    expect(await api.get(`/posts/${post.id}`)).toEqual(post);
    expect(await api.patch(`/posts/${post.id}`, { mediaIds: [a.id] })).toMatchObject({ mediaIds: [a.id] });
    expect(await api.patch(`/posts/${post.id}`, { title: 'New' })).toMatchObject({ mediaIds: [a.id] });
    const body = { caption: 'Words.', platforms: ['feed'] };
    expect(await api.put(`/posts/${post.id}`, body)).toMatchObject({ mediaIds: [], variants: [] });
    const events = await app.sql<{ data: { mediaIds: string[] } }>(
      'SELECT data FROM events WHERE subject_id = $1 ORDER BY id LIMIT 1',
      [post.id],
    );
    expect(events).toMatchObject([{ data: { mediaIds: [b.id, a.id], variants } }]);
    const [change] = await app.sql<{ after: { media_ids: string[] } }>(
      `SELECT after FROM change_log WHERE entity = 'post' ORDER BY id DESC LIMIT 1`,
    );
    expect(change?.after).toMatchObject({ media_ids: [] });
  });

  it.each(['post', 'put', 'patch'] as const)('are of its store, with %s', async (method) => {
    const [own, foreign] = [await upload(), await (await MediaCalls.withNewStore(app)).uploaded(png)];
    const { id } = await write([own.id]);
    const body = { caption: 'Words.', platforms: ['feed'], mediaIds: [own.id, foreign.id] };
    const path = method === 'post' ? '/posts' : `/posts/${id}`;
    const { error } = (await api.call(method, path).send(body).expect(400)).body;
    expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'mediaIds[1]' } });
  });

  it('are there once only, and no more than a platform takes', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => upload()));
    const ids = all.map(({ id }) => id);
    const refused = async (fields: object) =>
      (await api.post('/posts', { caption: 'Words.', platforms: ['feed', 'twitter'], ...fields }, 400)).error
        .details['field'];
    expect(await refused({ mediaIds: [ids[0], ids[1], ids[0]] })).toBe('mediaIds[2]');
    expect(await refused({ mediaIds: ids })).toBe('mediaIds');
    const variant = { platform: 'twitter', caption: 'Short.' };
    expect(await refused({ mediaIds: ids, variants: [variant] })).toBe('mediaIds');
    expect(await refused({ variants: [{ ...variant, mediaIds: ids }] })).toBe('variants[0].mediaIds');
    await write(ids, { platforms: ['feed', 'twitter'], variants: [{ ...variant, mediaIds: ids.slice(1) }] });
    const { data } = await api.get('/social-accounts/platforms');
    expect(data.find(({ platform }) => platform === 'twitter')).toMatchObject({ media: 4 });
  });

  it('come in a batch, and in a feed', async () => {
    const [a, b] = [await upload(), await upload()];
    const item = { caption: 'Words.', platforms: ['feed'] };
    const items = [
      { ...item, mediaIds: [a.id] },
      { ...item, mediaIds: ['med_00000000000000000000000000'] },
    ];
    const batch = await api.post('/posts/batch', { items }, 200);
    expect(batch).toMatchObject({
      results: [{ data: { mediaIds: [a.id] } }, { error: { details: { field: 'mediaIds[0]' } } }],
    });
    const content = `caption,platforms,mediaIds\nImported,feed,${b.id}|${a.id}\n`;
    const job = await api.post('/jobs', { type: 'posts.import', input: { format: 'csv', content } }, 202);
    await api.get(`/jobs/${job.id}?wait=20`);
    const { data } = await api.get('/posts?q=Imported');
    expect(data).toMatchObject([{ mediaIds: [b.id, a.id] }]);
  });

  it('go to the network with the post, where it can fetch them already', async () => {
    const medium = await upload({ alt: 'Tulips.' });
    const network = app.get(TestNetwork);
    await api.published(await write([medium.id], { caption: 'To the network.', platforms: ['twitter'] }));
    const order = network.orders.find(({ caption }) => caption === 'To the network.');
    const { id, type, alt, width, height, bytes } = medium;
    expect(order?.media).toEqual([
      { url: expect.stringMatching(`^https?://.*/media/${id}$`), id, type, alt, width, height, bytes },
    ]);
  });

  it('are seen while it is on its way, and after a platform had it', async () => {
    const medium = await upload();
    const post = await write([], { platforms: ['twitter', 'linkedin'], caption: 'Two ways.' });
    await api.patch(`/posts/${post.id}`, {
      variants: [{ platform: 'twitter', caption: 'Refused.', mediaIds: [medium.id] }],
    });
    expect((await look(medium.id)).status).toBe(404);
    const network = app.get(TestNetwork);
    network.faults.set('Refused.', 'refuse');
    expect(await api.published(post)).toMatchObject({ status: 'FAILED' });
    expect((await look(medium.id)).status).toBe(200);
    await app.sql(`UPDATE posts SET status = 'PUBLISHING', published_at = NULL WHERE caption = 'Two ways.'`);
    expect((await look(medium.id)).status).toBe(200);
    await app.sql(`UPDATE posts SET status = 'FAILED' WHERE caption = 'Two ways.'`);
    expect((await look(medium.id)).status).toBe(404);
  });

  it('are in the feeds', async () => {
    const [image, film] = [await upload({ alt: 'Tulips & "bees"' }), await upload({}, MP4)];
    const { storeId } = await api.published(await write([film.id, image.id]));
    const base = `${app.url}/feeds/${String(storeId)}`;
    const feed = (await (await fetch(`${base}/feed.json`)).json()) as { items: object[] };
    const [filmUrl, imageUrl] = [film, image].map(({ id }) => `${app.url}/media/${id}`);
    expect(feed.items).toMatchObject([
      {
        image: imageUrl,
        attachments: [
          { url: filmUrl, mime_type: 'video/mp4', size_in_bytes: film.bytes },
          { url: imageUrl, mime_type: 'image/png', size_in_bytes: image.bytes, title: 'Tulips & "bees"' },
        ],
      },
    ]);
    const rss = await (await fetch(`${base}/feed.rss`)).text();
    expect(rss).toContain(`<enclosure url="${filmUrl}" length="${film.bytes}" type="video/mp4"/>`);
    expect(rss).toContain(
      `<media:content url="${imageUrl}" fileSize="${image.bytes}" type="image/png" medium="image" width="40" height="30">` +
        '<media:description>Tulips &amp; &quot;bees&quot;</media:description></media:content>',
    );
  });
});
