import { hash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditLeader } from '../../src/audit/index.js';
import { isSignedBy, publicKeyOf } from '../../src/audit/evidence/ed25519.js';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Takes what is published: a webhook and an object store in one, which can be told to fail. */
let server: Server;
let arrived: Arrived[] = [];
/** How the webhook answers. */
let answer: (response: ServerResponse) => void;
const welcome = (response: ServerResponse) => response.writeHead(204).end();

let app: TestApp;
let directory: string;
let file: string;
beforeAll(async () => {
  answer = welcome;
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      arrived.push({ method, path: url, headers, body });
      if (url.startsWith('/hook')) answer(response);
      else response.writeHead(200).end('<done/>');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-publishing-'));
  file = join(directory, 'checkpoints.ndjson');
  app = await startTestApp({
    environment: {
      AUDIT_CHECKPOINT_FILE: file,
      AUDIT_CHECKPOINT_URL: `${origin}/hook?token=theirs`,
      AUDIT_CHECKPOINT_S3_BUCKET: 'evidence',
      AUDIT_CHECKPOINT_S3_ENDPOINT: origin,
      AUDIT_CHECKPOINT_S3_ACCESS_KEY_ID: 'access',
      AUDIT_CHECKPOINT_S3_SECRET_ACCESS_KEY: 'secret of the store',
    },
  });
});
afterAll(async () => {
  await app.close();
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

const publish = () => app.get(AuditLeader).publish();

/** Makes a checkpoint. @returns its number */
async function checkpoint(): Promise<number> {
  await app.request.get('/api/v1/me');
  return (await app.get(AuditLeader).round()).checkpoint ?? 0;
}

const numberIn = (line: string) =>
  (JSON.parse((JSON.parse(line) as { canonical: string }).canonical) as { no: number }).no;
const inFile = () => readFileSync(file, 'utf8').split('\n').filter(Boolean);
const posted = () => arrived.filter(({ path }) => path.startsWith('/hook')).map(({ body }) => body);
const stored = () => arrived.filter(({ path }) => path.startsWith('/evidence/'));

describe('publishing checkpoints', () => {
  it('brings each to the file, the webhook and the object store, the same line everywhere', async () => {
    const no = await checkpoint();
    await publish();
    const [line = ''] = inFile();
    expect(posted()).toEqual([line]);
    const [object] = stored();
    expect(object).toMatchObject({
      method: 'PUT',
      path: `/evidence/checkpoints/${String(no).padStart(12, '0')}.json`,
      body: `${line}\n`,
    });
    const { canonical, signature } = JSON.parse(line) as { canonical: string; signature: string };
    const [key] = await app.sql<{ bytes: Buffer }>('SELECT public_key AS bytes FROM audit_signing_keys');
    const publicKey = publicKeyOf(key?.bytes ?? Buffer.alloc(32));
    expect(isSignedBy(canonical, Buffer.from(signature, 'hex'), publicKey)).toBe(true);
    expect(
      await app.sql('SELECT kind, checkpoint_no::integer AS no FROM audit_publications ORDER BY kind'),
    ).toEqual(['file', 's3', 'webhook'].map((kind) => ({ kind, no })));
  });

  it('signs what it stores, with a checksum, and tells nobody a secret', async () => {
    const [object] = stored();
    expect(object?.headers).toMatchObject({
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=access\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=\S+, Signature=[0-9a-f]{64}$/,
      ) as unknown,
      'x-amz-checksum-sha256': hash('sha256', object?.body ?? '', 'base64'),
      'x-amz-content-sha256': hash('sha256', object?.body ?? '', 'hex'),
    });
    expect(JSON.stringify(arrived)).not.toContain('secret of the store');
    const places = JSON.stringify(await app.sql('SELECT place FROM audit_publications'));
    expect(places).not.toContain('theirs');
  });

  it('brings nothing twice', async () => {
    arrived = [];
    await publish();
    await Promise.all([publish(), publish()]);
    expect(arrived).toEqual([]);
    expect(inFile()).toHaveLength(1);
  });

  it('goes on elsewhere while a place fails, and brings that one what it missed, in order', async () => {
    arrived = [];
    answer = (response) => response.writeHead(500).end();
    const missed: number[] = [];
    for (let times = 0; times < 3; times += 1) {
      missed.push(await checkpoint());
      await publish();
    }
    expect(inFile().slice(-3).map(numberIn)).toEqual(missed);
    expect(stored().map(({ body }) => numberIn(body))).toEqual(missed);
    // the first one alone was tried: what follows waits for it
    expect(new Set(posted().map(numberIn))).toEqual(new Set(missed.slice(0, 1)));
    arrived = [];
    answer = welcome;
    await publish();
    expect(posted().map(numberIn)).toEqual(missed);
    expect(stored()).toEqual([]);
  });

  it('follows no redirect', async () => {
    arrived = [];
    answer = (response) => response.writeHead(307, { Location: '/evidence/elsewhere' }).end();
    const no = await checkpoint();
    await publish();
    expect(arrived.filter(({ path }) => path.endsWith('elsewhere'))).toEqual([]);
    answer = welcome;
    await publish();
    expect(posted().map(numberIn)).toEqual([no, no]);
  });

  it('lets a place that does not answer hold up neither rounds nor other places', async () => {
    arrived = [];
    let held: ServerResponse | undefined;
    answer = (response) => {
      held = response;
    };
    const first = await checkpoint();
    const hanging = publish();
    await until('the webhook was asked', () => held !== undefined);
    const second = await checkpoint();
    expect(second).toBe(first + 1);
    const next = publish();
    await until('the second is stored', () => stored().length === 2);
    await until('the second is in the file', () => inFile().map(numberIn).includes(second));
    expect(posted().map(numberIn)).toEqual([first]);
    answer = welcome;
    held?.writeHead(204).end();
    await Promise.all([hanging, next]);
    await publish();
    expect(posted().map(numberIn)).toEqual([first, second]);
  });
});
