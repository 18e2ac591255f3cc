import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../faults/until.js';
import { type Answer, codeOf, type ErrorAnswer, json } from '../support/http-client.js';
import { multipart, type Part } from '../support/multipart.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { MediaCalls } from './media-calls.js';
import { blackPng, noise, picture, ZIP } from './media-files.js';

const LIMIT = 200_000;

let app: TestApp;
let api: MediaCalls;
let png: Buffer;

beforeAll(async () => {
  app = await startTestApp({ environment: { MEDIA_MAX_BYTES: String(LIMIT) } });
  api = await MediaCalls.withNewStore(app);
  png = await picture('png');
});
afterAll(() => app.close());

/** What was there before, by which each test is judged alone. */
let before: readonly unknown[];
const state = async () => [await api.rows(), api.objects()];
beforeEach(async () => {
  before = await state();
});

async function nothingLeft(): Promise<void> {
  expect(await state()).toEqual(before);
}

/** What was refused, which has left nothing: no row, no object, no half of a file. */
async function refused(
  send: Promise<Answer>,
): Promise<[status: number, code: string | null, field: unknown]> {
  const answer = await send;
  await nothingLeft();
  return [answer.status, codeOf(answer), json<ErrorAnswer>(answer).error.details?.['field']];
}

describe('what a file is, is read from its content', () => {
  const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  it.each<[string, string, Buffer]>([
    ['a script named .png', 'picture.png', Buffer.from('#!/bin/sh\nrm -rf /\n')],
    ['JavaScript', 'picture.gif', Buffer.from('alert(document.cookie)')],
    ['HTML', 'picture.png', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['an SVG', 'picture.svg', Buffer.from(svg)],
    ['an SVG without a prologue', 'picture.svg', Buffer.from(svg.slice(21))],
    ['a zip named .jpg', 'picture.jpg', ZIP],
    ['a gzip', 'picture.webp', gzipSync(Buffer.from(svg))],
    ['a program', 'picture.png', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])],
    ['a TIFF', 'picture.png', Buffer.concat([Buffer.from('II*\0'), Buffer.alloc(200)])],
    ['a text', 'picture.png', Buffer.from('just words')],
    ['one byte', 'picture.png', Buffer.from([0x89])],
  ])('%s is 415', async (_, name, bytes) => {
    expect(await refused(api.upload(bytes, name))).toEqual([415, 'UNSUPPORTED_MEDIA', 'file']);
  });

  it('what is none of ours is not read to its end', async () => {
    const zip = Buffer.concat([ZIP, Buffer.alloc(LIMIT - ZIP.byteLength)]);
    expect(await refused(api.upload(zip, 'a.zip'))).toEqual([415, 'UNSUPPORTED_MEDIA', 'file']);
  });
});

describe('an image is decoded', () => {
  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ['half a PNG', async () => (await noise(100, 100)).subarray(0, 12_000)],
    ['half a JPEG', async () => (await picture('jpeg', 600, 600)).subarray(0, 1_500)],
    ['half a WebP', async () => (await picture('webp', 600, 600)).subarray(0, 60)],
    ['half an AVIF', async () => (await picture('avif', 600, 600)).subarray(0, 280)],
    ['a script that begins as a GIF', () => Buffer.from('GIF89a/*' + ' '.repeat(40) + '*/=1;alert(1)')],
    [
      'HTML behind the beginning of a PNG',
      () => Buffer.concat([png.subarray(0, 33), Buffer.from('<script>alert(1)</script>')]),
    ],
    [
      'a PNG of damaged pixels',
      async () => {
        const damaged = Buffer.from(await noise(60, 60));
        damaged.fill(0, 2_000, 4_000);
        return damaged;
      },
    ],
  ])('%s is 400', async (_, make) => {
    expect(await refused(api.upload(await make()))).toEqual([400, 'INVALID_INPUT', 'file']);
  });

  it.each<[string, number, number]>([
    ['20,000 pixels wide', 20_000, 10],
    ['20,000 pixels high', 10, 20_000],
    ['of more than 50 million pixels', 9_000, 6_000],
    ['that unpacks to 400 million pixels', 20_000, 20_000],
    ['that says it has two milliard pixels a side', 2_000_000_000, 1],
  ])('one %s is 400, says why, and is not unpacked', async (_, width, height) => {
    const bytes = blackPng(Math.min(width, 20_000), height);
    if (width > 20_000) bytes.writeUInt32BE(width, 16);
    expect(bytes.byteLength).toBeLessThan(LIMIT);
    const rssBefore = process.memoryUsage().rss;
    const answer = await api.upload(bytes);
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(60_000_000);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'INVALID_INPUT']);
    if (width <= 20_000)
      expect(answer.text).toContain(`is ${width} by ${height} pixels: at most 10000 a side`);
    await nothingLeft();
  });
});

describe('a form', () => {
  const file = (): Part => ({ name: 'file', fileName: 'a.png', bytes: png });
  const text = (name: string, bytes = 'x'): Part => ({ name, bytes });

  it.each<[string, string, () => Part[]]>([
    ['without a file', 'file', () => [text('alt')]],
    ['without any part', 'file', () => []],
    ['with two files', 'file', () => [file(), file()]],
    ['with a file of another name', 'picture', () => [file(), { ...file(), name: 'picture' }]],
    ['with a text of another name', 'title', () => [text('title'), file()]],
    ['with a text of another name behind the file', 'title', () => [file(), text('title')]],
    ['with a name that JavaScript keeps for itself', '__proto__', () => [text('__proto__'), file()]],
    ['with a part without a name', 'body', () => [{ bytes: 'x' }, file()]],
    ['with its file as a text', 'file', () => [text('file')]],
    ['with a text as a file', 'alt', () => [{ ...file(), name: 'alt' }]],
    ['with a text twice', 'alt', () => [text('alt'), text('alt'), file()]],
    ['with too long a text', 'alt', () => [text('alt', 'a'.repeat(1_001)), file()]],
    ['with a far too long text', 'alt', () => [text('alt', 'a'.repeat(20_000)), file()]],
    ['with an empty name', 'name', () => [text('name', ''), file()]],
    ['with a control character in its name', 'name', () => [text('name', 'a\u0000b'), file()]],
    ['with very many parts', 'body', () => [file(), ...Array.from({ length: 30 }, () => ({ bytes: 'x' }))]],
    ['with an empty file', 'file', () => [{ ...file(), bytes: '' }]],
  ])('%s is 400 and names the part', async (_, field, parts) => {
    expect(await refused(api.send(parts()))).toEqual([400, 'INVALID_INPUT', field]);
  });

  it('that ends too early, or is none, is 400', async () => {
    const { body, headers } = multipart([file()]);
    const post = (bytes: Buffer, type = headers['Content-Type'] ?? '') =>
      api.call('', { method: 'POST', body: bytes, headers: { 'Content-Type': type } });
    for (const end of [3, 6, 60, body.byteLength - 100, body.byteLength - 10]) {
      expect(await refused(post(body.subarray(0, body.byteLength - end)))).toEqual([
        400,
        'INVALID_INPUT',
        'body',
      ]);
    }
    expect(await refused(post(Buffer.from('{}')))).toEqual([400, 'INVALID_INPUT', 'body']);
    expect(await refused(post(body, 'multipart/form-data'))).toEqual([400, 'INVALID_INPUT', 'Content-Type']);
    const broken = Buffer.from(
      body.toString('latin1').replace('Content-Disposition:', 'Content\u0001:'),
      'latin1',
    );
    expect(await refused(post(broken))).toEqual([400, 'INVALID_INPUT', 'body']);
    expect(await refused(post(Buffer.alloc(0)))).toEqual([400, 'INVALID_INPUT', 'file']);
  });

  it('is 415 where it is not declared as one', async () => {
    const { body } = multipart([file()]);
    for (const type of [
      'application/json',
      'image/png',
      'multipart/mixed; boundary=x',
      'multipart/form-database',
    ]) {
      const answer = api.call('', { method: 'POST', body, headers: { 'Content-Type': type } });
      expect(await refused(answer)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE', undefined]);
    }
    expect(await refused(api.call('', { method: 'POST' }))).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      undefined,
    ]);
  });

  it('of no matter which fault is answered while the body still comes, and the connection goes on', async () => {
    const parts = [text('title'), { ...file(), bytes: Buffer.alloc(LIMIT) }];
    expect(await refused(api.send(parts))).toEqual([400, 'INVALID_INPUT', 'title']);
    expect((await api.call('')).status).toBe(200);
  });
});

describe('a file that is too large', () => {
  const fileOf = (bytes: number) => Buffer.concat([png, Buffer.alloc(bytes - png.byteLength)]);

  it('is 413, whether its length is announced or not', async () => {
    for (const bytes of [LIMIT + 1, LIMIT + 70_000, 3_000_000]) {
      const { body, headers } = multipart([{ name: 'file', fileName: 'a.png', bytes: fileOf(bytes) }]);
      const options = { method: 'POST', body };
      const announced = await api.call('', { ...options, headers });
      const chunked = await api.call('', {
        ...options,
        headers: { ...headers, 'Transfer-Encoding': 'chunked' },
      });
      for (const answer of [announced, chunked]) {
        expect([bytes, answer.status, codeOf(answer)]).toEqual([bytes, 413, 'PAYLOAD_TOO_LARGE']);
        expect(json<ErrorAnswer>(answer).error.details).toEqual({ limitBytes: LIMIT });
      }
      await nothingLeft();
    }
  });

  it('is 413 where the bytes belong to no part', async () => {
    const { body, headers } = multipart([]);
    const bytes = Buffer.concat([Buffer.alloc(LIMIT + 70_000, 'x'), body]);
    const send = { method: 'POST', body: bytes, headers: { ...headers, 'Transfer-Encoding': 'chunked' } };
    expect(await refused(api.call('', send))).toEqual([413, 'PAYLOAD_TOO_LARGE', undefined]);
  });
});

describe('an upload that is given up', () => {
  it('leaves a row of the log, and nothing else', async () => {
    const { body, headers } = multipart([{ name: 'file', fileName: 'a.png', bytes: await noise(200, 200) }]);
    for (const sent of [10, 200, 60_000]) {
      const outgoing = request(`${app.url}/api/v1/media`, {
        method: 'POST',
        // A connection of its own: it is cut.
        agent: false,
        headers: { ...headers, Authorization: `Bearer ${api.key.token}`, 'Content-Length': body.byteLength },
      });
      outgoing.on('error', () => undefined);
      await new Promise<void>((resolve) => outgoing.write(body.subarray(0, sent), () => resolve()));
      if (sent > 200) await until('the file is on its way', () => api.objects().incoming.length === 1);
      outgoing.destroy();
    }
    await until('each of them is in the log', async () => {
      const rows = await app.sql(`SELECT 1 FROM request_log WHERE error_code = 'REQUEST_ABORTED'`);
      return rows.length === 3;
    });
    await until('the halves are gone', () => api.objects().incoming.length === 0);
    await nothingLeft();
  });
});

it('a file of exactly the limit is taken', async () => {
  const jpeg = await picture('jpeg');
  const bytes = Buffer.concat([jpeg, Buffer.alloc(LIMIT - jpeg.byteLength)]);
  expect(await api.uploaded(bytes)).toMatchObject({ bytes: LIMIT, type: 'image/jpeg' });
});
