import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Media, MediaCalls } from './media-calls.js';
import { animation, PDF, picture } from './media-files.js';
import { type Answer, type Body, StoreCalls } from './store-calls.js';

let app: TestApp;
let api: StoreCalls;
let media: MediaCalls;
let png: Buffer;
beforeAll(async () => {
  app = await startTestApp();
  png = await picture('png', 1_600, 1_200);
});
beforeEach(async () => {
  media = await MediaCalls.withNewStore(app);
  api = new StoreCalls(app, media.key);
});
afterAll(() => app.close());

let made = 0;
const upload = (bytes = png, texts: Record<string, string> = {}): Promise<Media> =>
  media.uploaded(bytes, 'tulips.png', texts);
const page = (blocks: readonly object[]): Promise<Body> => {
  made += 1;
  return api.post('/landing-pages', { slug: `shown-${made}`, title: 'Spring', blocks });
};
const act = ({ id }: Body, verb: string, body: object = {}): Promise<Body> =>
  api.post(`/landing-pages/${id}/${verb}`, body, 200);
const html = async ({ slug }: Body) => (await fetch(`${app.url}/p/${String(slug)}`)).text();
const look = async ({ id }: { id: string }) => (await fetch(`${app.url}/media/${id}`)).status;
const write = (mediaIds: readonly string[]): Promise<Body> =>
  api.post('/posts', { caption: 'Words.', platforms: ['feed'], mediaIds });

describe('an image of a landing page', () => {
  it('is one of the store’s media, in drafts and versions, and shown with its sides', async () => {
    const image = await upload(png, { alt: 'Tulips & "bees"' });
    const blocks = [
      { type: 'image', mediaId: image.id },
      { type: 'image', mediaId: image.id, alt: '' },
    ];
    const draft = await page(blocks);
    expect(draft).toMatchObject({ blocks });
    expect(await look(image)).toBe(404);
    await act(draft, 'publish');
    const { data } = await api.get(`/landing-pages/${draft.id}/versions`);
    expect(data).toMatchObject([{ blocks }]);
    const shown = await html(draft);
    const src = `src="/media/${image.id}?size=1024"`;
    expect(shown).toContain(
      `<img ${src} alt="Tulips &amp; &quot;bees&quot;" width="1600" height="1200" loading="lazy">`,
    );
    expect(shown).toContain(`<img ${src} alt="" width="1600" height="1200" loading="lazy">`);
    const answer = await fetch(`${app.url}/p/${String(draft['slug'])}`);
    expect(answer.headers.get('content-security-policy')).toContain(`img-src 'self' https:;`);
    expect(await look(image)).toBe(200);
    await act(draft, 'unpublish');
    expect(await look(image)).toBe(404);
  });

  it('is sent as it is where it moves', async () => {
    const image = await upload(await animation(3));
    const draft = await page([{ type: 'image', mediaId: image.id }]);
    await act(draft, 'publish');
    expect(await html(draft)).toContain(`<img src="/media/${image.id}" alt="" width="40" height="30"`);
  });

  it('is seen as long as the version that everybody sees has it', async () => {
    const image = await upload();
    const draft = await page([{ type: 'image', mediaId: image.id }]);
    await act(draft, 'publish');
    await api.patch(`/landing-pages/${draft.id}`, { blocks: [] });
    expect(await look(image)).toBe(200);
    await act(draft, 'publish');
    expect(await look(image)).toBe(404);
    expect(await act(draft, 'restore', { version: 1 })).toMatchObject({ blocks: [{ mediaId: image.id }] });
    expect(await look(image)).toBe(404);
  });

  it('is an image of the same store, and either here or elsewhere', async () => {
    const [image, pdf] = [await upload(), await upload(PDF)];
    const foreign = await (await MediaCalls.withNewStore(app)).uploaded(png);
    const url = 'https://shop.example.com/a.jpg';
    const body = (block: object) => ({ slug: 'refused', title: 'A', blocks: [block] });
    for (const [block, field] of [
      [{ type: 'image', mediaId: foreign.id }, 'mediaId'],
      [{ type: 'image', mediaId: pdf.id }, 'mediaId'],
      [{ type: 'image', mediaId: image.id, url }, 'url'],
      [{ type: 'image', alt: '' }, 'url'],
      [{ type: 'text', text: 'A', mediaId: image.id }, 'mediaId'],
    ] as const) {
      const { error } = await api.post('/landing-pages', body(block), 400);
      expect(error.details['field']).toBe(`blocks[0].${field}`);
    }
    const draft = await page([]);
    const patch = { blocks: [{ type: 'image', mediaId: foreign.id }] };
    await api.patch(`/landing-pages/${draft.id}`, patch, 400);
    await api.put(`/landing-pages/${draft.id}`, { ...body({}), ...patch }, 400);
  });
});

describe('a file that something uses', () => {
  const refusal = async ({ id }: Media) => (await api.delete(`/media/${id}`, 409)).error;

  it('is not deleted while a post has it, which is named', async () => {
    const medium = await upload();
    const posts = [await write([medium.id]), await write([])];
    const variant = { platform: 'feed', caption: 'There.', mediaIds: [medium.id] };
    await api.patch(`/posts/${posts[1]?.id}`, { variants: [variant] });
    const { code, details } = await refusal(medium);
    expect([code, details['usedBy']]).toEqual(['CONFLICT', posts.map(({ id }) => id).sort()]);
    await api.delete(`/posts/${posts[0]?.id}`);
    await api.patch(`/posts/${posts[1]?.id}`, { variants: [] });
    await api.delete(`/media/${medium.id}`);
  });

  it('is not deleted while a page has it, also in an older version', async () => {
    const medium = await upload();
    const draft = await page([{ type: 'image', mediaId: medium.id }]);
    expect(await refusal(medium)).toMatchObject({ details: { usedBy: [draft.id] } });
    await act(draft, 'publish');
    await api.patch(`/landing-pages/${draft.id}`, { blocks: [] });
    await act(draft, 'publish');
    expect(await refusal(medium)).toMatchObject({ details: { usedBy: [draft.id] } });
    await api.delete(`/landing-pages/${draft.id}`);
    await api.delete(`/media/${medium.id}`);
  });

  it('has up to ten of its users named', async () => {
    const medium = await upload();
    for (let i = 0; i < 11; i++) await write([medium.id]);
    await page([{ type: 'image', mediaId: medium.id }]);
    expect((await refusal(medium)).details['usedBy']).toHaveLength(10);
  });

  it('goes with everything else when a sandbox is reset', async () => {
    const key = await app.createKey({ role: 'admin', sandbox: true });
    const sandbox = new StoreCalls(app, key);
    const own = await MediaCalls.withNewStore(app, { role: 'admin', storeId: key.storeId });
    const medium = await own.uploaded(png);
    await sandbox.post('/posts', { caption: 'Words.', platforms: ['feed'], mediaIds: [medium.id] });
    made += 1;
    const blocks = [{ type: 'image', mediaId: medium.id }];
    await sandbox.post('/landing-pages', { slug: `shown-${made}`, title: 'A', blocks });
    const answer = await sandbox.post(`/stores/${key.storeId}/reset`, {}, 200);
    expect(answer).toMatchObject({ cleared: { media: 1, posts: 1, landingPages: 1 } });
  });
});

describe('a file that is deleted while a post begins to use it', () => {
  /** Sends both, the second once the first waits, and both wait until nobody holds the table any more. */
  async function together(
    table: string,
    first: () => PromiseLike<Answer>,
    second: () => PromiseLike<Answer>,
  ) {
    const client = new pg.Client(app.database.ownerUrl);
    await client.connect();
    const waiting = (count: number) =>
      until(`${count} requests wait`, async () => {
        const [row] = await app.sql<{ waiting: number }>(
          `SELECT count(*)::integer AS waiting FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return row?.waiting === count;
      });
    try {
      await client.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`);
      const answers = [Promise.resolve(first())];
      await waiting(1);
      answers.push(Promise.resolve(second()));
      await waiting(2);
      await client.query('ROLLBACK');
      return (await Promise.all(answers)).map(({ status }) => status);
    } finally {
      await client.end();
    }
  }

  const posting = (mediaIds: string[]) => () =>
    api.call('post', '/posts').send({ caption: 'Words.', platforms: ['feed'], mediaIds });
  const deleting = (id: string) => () => api.call('delete', `/media/${id}`);

  it('stays where the post was first', async () => {
    const { id } = await upload();
    expect(await together('posts', posting([id]), deleting(id))).toEqual([201, 409]);
  });

  it('is none of the store’s any more where it was first', async () => {
    const { id } = await upload();
    expect(await together('media', deleting(id), posting([id]))).toEqual([204, 400]);
  });
});
