import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Media, MediaCalls } from './media-calls.js';
import { PDF, picture } from './media-files.js';
import { type Body, StoreCalls } from './store-calls.js';

let app: TestApp;
let api: StoreCalls;
let media: MediaCalls;
let png: Buffer;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
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

describe('a published file', () => {
  it('is answered to everybody, in parts and once only to whoever has it', async () => {
    const medium = await upload();
    await api.published(await write([medium.id]));
    const answer = await look(medium.id);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.byteLength),
      'content-disposition': expect.stringMatching('^inline'),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=60',
      'accept-ranges': 'bytes',
    });
    const etag = answer.headers.get('etag') ?? '';
    expect((await look(medium.id, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    const part = await look(medium.id, { headers: { Range: 'bytes=1-3', 'If-Range': etag } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      `bytes 1-3/${png.byteLength}`,
      'PNG',
    ]);
    const past = await look(medium.id, { headers: { Range: 'bytes=999999-' } });
    expect([past.status, past.headers.get('content-range')]).toEqual([416, `bytes */${png.byteLength}`]);
    const head = await look(medium.id, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(png.byteLength)]);
    expect((await look(medium.id, { method: 'POST' })).status).toBe(405);
  });

  it('has a thumbnail where it is an image, and is kept as a file where it is a document', async () => {
    const [image, pdf] = [await upload(), await upload({}, PDF)];
    await api.published(await write([image.id, pdf.id]));
    const thumbnail = await look(`${image.id}?size=320`);
    expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect((await look(`${image.id}?size=7`)).status).toBe(404);
    expect((await look(`${pdf.id}?size=320`)).status).toBe(404);
    expect((await look(pdf.id)).headers.get('content-disposition')).toMatch(/^attachment/);
  });

  it('is as absent as one that is not there, while nothing that is published uses it', async () => {
    const medium = await upload();
    const post = await write([medium.id]);
    const answers = await Promise.all(
      [medium.id, 'med_00000000000000000000000000', 'nothing'].map(async (id) => {
        const answer = await look(id);
        return {
          status: answer.status,
          text: await answer.text(),
          cache: answer.headers.get('cache-control'),
        };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, cache: 'no-store' });
    await api.published(post);
    expect((await look(medium.id)).status).toBe(200);
    await api.delete(`/posts/${post.id}`);
    expect((await look(medium.id)).status).toBe(404);
  });
});
