import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { codeOf } from '../support/http-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Media, MediaCalls, metadataOf } from './media-calls.js';
import { animation, noise, PDF, picture, sideways } from './media-files.js';

let app: TestApp;
let api: MediaCalls;
let bytes: Buffer;
let media: Media;

beforeAll(async () => {
  app = await startTestApp();
  api = await MediaCalls.withNewStore(app);
  bytes = await noise(1_200, 300);
  media = await api.uploaded(bytes, 'Tulips, red été.doc');
});
afterAll(() => app.close());

const content = (headers: Record<string, string> = {}, method = 'GET') =>
  api.call(`/${media.id}/content`, { method, headers });

describe('a file is sent', () => {
  it('as it was uploaded, and so that nothing in it runs', async () => {
    const answer = await content();
    expect(answer.status).toBe(200);
    expect(answer.bytes.equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.byteLength),
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      etag: `"${media.sha256}"`,
    });
    // Its ending is that of what it is.
    expect(answer.headers['content-disposition']).toMatch(
      /^inline; filename=".*\.png"; filename\*=UTF-8''.*\.png$/,
    );
  });

  it('to be downloaded where it is no picture', async () => {
    const { id } = await api.uploaded(PDF, 'terms.png');
    const answer = await api.call(`/${id}/content`);
    expect(answer.bytes.equals(PDF)).toBe(true);
    expect(answer.headers['content-type']).toBe('application/pdf');
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="[^"]*\.pdf"/);
  });

  it('in parts', async () => {
    const whole = bytes.byteLength;
    for (const [range, first, last] of [
      ['bytes=0-99', 0, 99],
      ['bytes=100000-', 100_000, whole - 1],
      ['bytes=-10', whole - 10, whole - 1],
      [`bytes=5-${whole + 5}`, 5, whole - 1],
    ] as const) {
      const answer = await content({ Range: range });
      expect([range, answer.status, answer.headers['content-range']]).toEqual([
        range,
        206,
        `bytes ${first}-${last}/${whole}`,
      ]);
      expect(answer.bytes.equals(bytes.subarray(first, last + 1))).toBe(true);
    }
    const past = await content({ Range: `bytes=${whole}-` });
    expect([past.status, codeOf(past), past.headers['content-range']]).toEqual([
      416,
      'RANGE_NOT_SATISFIABLE',
      `bytes */${whole}`,
    ]);
    expect((await content({ Range: 'bytes=0-9', 'If-Range': '"other"' })).status).toBe(200);
  });

  it('not again to whoever has it, and to HEAD without its bytes', async () => {
    const known = await content({ 'If-None-Match': `"${media.sha256}"` });
    expect([known.status, known.bytes.byteLength]).toEqual([304, 0]);
    const head = await content({ Range: 'bytes=0-9' }, 'HEAD');
    expect([head.status, head.headers['content-length'], head.bytes.byteLength]).toEqual([
      200,
      String(bytes.byteLength),
      0,
    ]);
  });
});

describe('a thumbnail', () => {
  const thumbnail = (id: string, query = '') => api.call(`/${id}/thumbnail${query}`);

  it.each([
    ['', 320, 80],
    ['?size=320', 320, 80],
    ['?size=1024', 1_024, 256],
  ])('%s fits into its size', async (query, width, height) => {
    const answer = await thumbnail(media.id, query);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/webp']);
    expect(await metadataOf(answer.bytes)).toMatchObject({ format: 'webp', width, height });
    const etag = answer.headers.etag ?? '';
    const known = await api.call(`/${media.id}/thumbnail${query}`, { headers: { 'If-None-Match': etag } });
    expect(known.status).toBe(304);
  });

  it.each(['2000', '0320', '320.0', '320&size=320', ''])('is of no other size: %s', async (size) => {
    const answer = await thumbnail(media.id, `?size=${size}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'INVALID_INPUT']);
  });

  it('is upright, not larger than its picture, and has nothing of what the camera wrote', async () => {
    const { id } = await api.uploaded(await sideways(60, 20));
    const answer = await thumbnail(id);
    expect(await metadataOf(answer.bytes)).toMatchObject({ width: 20, height: 60 });
    for (const word of ['Canary', 'Secret Garden', 'Exif']) expect(answer.bytes.includes(word)).toBe(false);
  });

  it('of what moves is its first frame, and there is none of a document', async () => {
    const moving = await api.uploaded(await animation(3));
    expect((await metadataOf((await thumbnail(moving.id)).bytes)).pages ?? 1).toBe(1);
    const document = await api.uploaded(PDF);
    expect((await thumbnail(document.id)).status).toBe(404);
  });
});

describe('the list', () => {
  it('is filtered by type and kind, searched, and ordered', async () => {
    api = await MediaCalls.withNewStore(app);
    await api.uploaded(await picture('png'), 'spring-sale_2026.png');
    await api.uploaded(await picture('gif'), 'autumn.gif', { alt: 'Leaves in spring.' });
    await api.uploaded(PDF, 'terms.pdf');
    const namesOf = async (query: string) => (await api.list(query)).data.map(({ name }) => name);
    expect(await namesOf('?sortBy=name&sortOrder=asc')).toEqual([
      'autumn.gif',
      'spring-sale_2026.png',
      'terms.pdf',
    ]);
    expect(await namesOf('?type=image/gif')).toEqual(['autumn.gif']);
    expect(await namesOf('?kind=document')).toEqual(['terms.pdf']);
    expect(await namesOf('?kind=image&sortBy=name&sortOrder=desc')).toEqual([
      'spring-sale_2026.png',
      'autumn.gif',
    ]);
    expect((await namesOf('?q=spring')).sort()).toEqual(['autumn.gif', 'spring-sale_2026.png']);
    expect(await namesOf('?q=sale')).toEqual(['spring-sale_2026.png']);
    expect((await api.call('?type=text/html')).status).toBe(400);
  });
});
