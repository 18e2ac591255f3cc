import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { codeOf, type ErrorAnswer, json } from '../support/http-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Media, MediaCalls } from './media-calls.js';
import { animation, MP4, PDF, picture, sideways, WEBM } from './media-files.js';

let app: TestApp;
let api: MediaCalls;

beforeAll(async () => {
  app = await startTestApp();
  api = await MediaCalls.withNewStore(app);
});
afterAll(() => app.close());

describe('uploading a file', () => {
  it('answers 201 with what is known of it, its ETag and where it is', async () => {
    const bytes = await picture('png', 640, 480);
    const answer = await api.send([
      { name: 'alt', bytes: 'A green field.' },
      { name: 'file', fileName: 'Field.png', bytes },
    ]);
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    const media = json<Media>(answer);
    expect(media).toEqual({
      id: expect.stringMatching(/^med_[0-9a-z]{26}$/),
      storeId: api.key.storeId,
      name: 'Field.png',
      alt: 'A green field.',
      type: 'image/png',
      bytes: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      width: 640,
      height: 480,
      frames: 1,
      status: 'READY',
      createdAt: expect.any(String),
      updatedAt: media.createdAt,
    });
    expect(answer.headers.etag).toMatch(/^"[\w-]+"$/);
    expect(answer.headers.location).toBe(`/api/v1/media/${media.id}`);
    const found = await api.call(`/${media.id}`);
    expect([found.status, found.text, found.headers.etag]).toEqual([200, answer.text, answer.headers.etag]);
    expect(api.objects().incoming).toEqual([]);
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'takes an image/%s, whatever it is called',
    async (format) => {
      const media = await api.uploaded(await picture(format, 40, 30), 'letter.doc');
      expect(media).toMatchObject({
        type: `image/${format}`,
        width: 40,
        height: 30,
        frames: 1,
        name: 'letter.doc',
      });
    },
  );

  it.each([
    ['video/mp4', MP4],
    ['video/webm', WEBM],
    ['application/pdf', PDF],
  ])('takes %s as it is', async (type, bytes) => {
    const media = await api.uploaded(bytes, 'it');
    expect(media).toMatchObject({ type, bytes: bytes.byteLength, width: null, height: null, frames: null });
  });

  it('counts the frames of an animation', async () => {
    expect(await api.uploaded(await animation(7))).toMatchObject({
      type: 'image/gif',
      width: 40,
      height: 30,
      frames: 7,
    });
  });

  it('knows which way up a photograph is', async () => {
    expect(await api.uploaded(await sideways(60, 20))).toMatchObject({ width: 20, height: 60 });
  });

  it('works for the store of a path too', async () => {
    const answer = await app.request
      .post(`/api/v1/stores/${api.key.storeId}/media`)
      .set('Authorization', `Bearer ${api.key.token}`)
      .attach('file', await picture('png'), 'Through supertest.png')
      .expect(201);
    expect(answer.body).toMatchObject({ name: 'Through supertest.png', storeId: api.key.storeId });
  });

  it('takes a name of the caller’s, and cleans the file’s own', async () => {
    const png = await picture('png');
    expect(await api.uploaded(png, 'x.png', { name: 'Tulips, red' })).toMatchObject({ name: 'Tulips, red' });
    expect(await api.uploaded(png, '../../etc/pass\u202ewd.png')).toMatchObject({ name: 'passwd.png' });
    expect(await api.uploaded(png, 'C:\\\\pictures\\\\été.png')).toMatchObject({ name: 'été.png' });
    expect(await api.uploaded(png, '\u202e')).toMatchObject({ name: 'file.png' });
    expect((await api.uploaded(png, `${'a'.repeat(300)}.png`)).name).toHaveLength(200);
  });

  it('leaves its change row and its event under its request', async () => {
    const answer = await api.upload(await picture('png'));
    const media = json<Media>(answer);
    const changes = await app.sql(
      `SELECT action, after->>'name' AS name FROM change_log WHERE entity = 'media' AND entity_id = $1`,
      [fromPublicId('media', media.id)],
    );
    expect(changes).toEqual([{ action: 'insert', name: 'picture.png' }]);
    const events = await app.sql('SELECT type, data FROM events WHERE subject_id = $1', [media.id]);
    expect(events).toEqual([{ type: 'media.created', data: media }]);
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (key: string) => ({ headers: { 'Idempotency-Key': key } });

  it('answers the first upload again, and keeps its bytes once', async () => {
    const bytes = await picture('png', 50, 50);
    const first = await api.upload(bytes, 'once.png', keyed('media-1'));
    const before = [await api.rows(), api.objects()];
    const again = await api.upload(bytes, 'once.png', keyed('media-1'));
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(json<Media>(again)).toEqual(json<Media>(first));
    expect(again.headers.etag).toBe(first.headers.etag);
    expect(again.headers.location).toBe(first.headers.location);
    expect([await api.rows(), api.objects()]).toEqual(before);
  });

  it('is refused with other bytes, or another description of them', async () => {
    const bytes = await picture('png', 50, 51);
    await api.upload(bytes, 'twice.png', keyed('media-2'));
    const before = [await api.rows(), api.objects()];
    const others = [
      await api.upload(await picture('png', 51, 50), 'twice.png', keyed('media-2')),
      await api.upload(bytes, 'thrice.png', keyed('media-2')),
      await api.send(
        [
          { name: 'file', fileName: 'twice.png', bytes },
          { name: 'alt', bytes: 'new' },
        ],
        keyed('media-2'),
      ),
    ];
    for (const answer of others)
      expect([answer.status, codeOf(answer)]).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
    expect([await api.rows(), api.objects()]).toEqual(before);
  });

  it('makes one of many that come at once', async () => {
    const bytes = await picture('png', 52, 52);
    const before = await api.rows();
    const kept = api.objects().kept.length;
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => api.upload(bytes, 'five.png', keyed('media-3'))),
    );
    for (const answer of answers) expect([201, 409]).toContain(answer.status);
    expect(await api.rows()).toBe(before + 1);
    const made = answers.filter(({ status }) => status === 201).map((answer) => json<Media>(answer).id);
    expect(new Set(made).size).toBe(1);
    const objectId = await api.objectIdOf({ id: made[0] ?? '' });
    expect(api.objects().kept.filter((name) => name.startsWith(objectId))).toHaveLength(3);
    expect(api.objects().kept.length).toBe(kept + 3);
    expect(api.objects().incoming).toEqual([]);
  });
});

describe('changing and deleting', () => {
  const patch = (id: string, body: object, headers: Record<string, string> = {}) =>
    api.call(`/${id}`, { method: 'PATCH', body, headers });

  it('renames it and describes it anew, in the version that is meant', async () => {
    const media = await api.uploaded(await picture('png'), 'a.png', { alt: 'old' });
    const { headers } = await api.call(`/${media.id}`);
    const changed = await patch(media.id, { name: 'b.png' }, { 'If-Match': headers.etag ?? '' });
    expect(changed.status).toBe(200);
    expect(json<Media>(changed)).toMatchObject({ name: 'b.png', alt: 'old', sha256: media.sha256 });
    const late = await patch(media.id, { alt: 'new' }, { 'If-Match': headers.etag ?? '' });
    expect([late.status, codeOf(late)]).toEqual([412, 'PRECONDITION_FAILED']);
    expect(json<Media>(await patch(media.id, { alt: '' }))).toMatchObject({ name: 'b.png', alt: '' });
  });

  it('refuses names and descriptions that are none', async () => {
    const media = await api.uploaded(await picture('png'));
    for (const [field, value] of [
      ['name', ''],
      ['name', null],
      ['name', 'a'.repeat(201)],
      ['alt', 'a'.repeat(1_001)],
      ['type', 'image/gif'],
      ['sha256', 'x'],
    ]) {
      const answer = await patch(media.id, { [String(field)]: value });
      expect([answer.status, json<ErrorAnswer>(answer).error.details?.['field']]).toEqual([400, field]);
    }
  });

  it('deletes in the version that is meant, and then it is gone', async () => {
    const media = await api.uploaded(await picture('png'));
    const path = `/${media.id}`;
    const other = await api.call(path, { method: 'DELETE', headers: { 'If-Match': '"other"' } });
    expect(other.status).toBe(412);
    expect((await api.call(path, { method: 'DELETE' })).status).toBe(204);
    for (const gone of [path, `${path}/content`, `${path}/thumbnail`]) {
      expect((await api.call(gone)).status).toBe(404);
    }
    expect((await api.call(path, { method: 'DELETE' })).status).toBe(404);
  });
});

describe('who may', () => {
  it('reads and writes nothing of another store', async () => {
    const media = await api.uploaded(await picture('png'));
    const { token } = await app.createKey({ role: 'read-write' });
    for (const path of ['', '/content', '/thumbnail']) {
      expect((await api.call(`/${media.id}${path}`, { token })).status).toBe(404);
    }
    for (const method of ['PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { name: 'mine' } : undefined;
      expect((await api.call(`/${media.id}`, { token, method, body })).status).toBe(404);
    }
    expect((await api.call('', { token })).text).toContain('"totalCount":0');
  });

  it('reads with a reader’s key, and does not write: the file is not even received', async () => {
    const media = await api.uploaded(await picture('png'));
    const { token } = await app.createKey({ role: 'read-only', storeId: api.key.storeId });
    for (const path of ['', '/content', '/thumbnail?size=1024']) {
      expect((await api.call(`/${media.id}${path}`, { token })).status).toBe(200);
    }
    const before = [await api.rows(), api.objects()];
    expect((await api.upload(await picture('png'), 'a.png', { token })).status).toBe(403);
    expect((await api.call(`/${media.id}`, { token, method: 'DELETE' })).status).toBe(403);
    expect((await api.call(`/${media.id}`, { token, method: 'PATCH', body: { name: 'a' } })).status).toBe(
      403,
    );
    expect([await api.rows(), api.objects()]).toEqual(before);
  });
});
