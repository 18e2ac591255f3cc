import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkManifest, type ManifestDocument } from '../../src/audit/index.js';
import { ExportProgress } from '../../src/audit/exports/export-progress.js';
import { ExportWriter } from '../../src/audit/exports/export-writer.js';
import { ExportSweep } from '../../src/audit/exports/export-sweep.js';
import { LogText } from '../../src/audit/exports/log-text.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { appendRequests, oldRow } from './old-days.js';

interface Export {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly progress: { rowsDone: number };
  readonly result: { count: number; bytes: number; sha256: string } | null;
}

const CANARY = `gate_live_${'Q7x'.repeat(15)}`.slice(0, 59);

let app: TestApp;
let key: TestKey;
let other: TestKey;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-exports-'));
  app = await startTestApp({ environment: { AUDIT_EXPORT_DIR: directory } });
  key = await app.createKey({ role: 'admin' });
  other = await app.createKey({ role: 'admin' });
  await app.request
    .patch(`/api/v1/keys/${key.id}`)
    .set('Authorization', bearer(key))
    .send({ name: '=cmd|calc' })
    .expect(200);
  await get(key, '/api/v1/me').expect(200);
  await get(key, `/api/v1/campaigns?status=${CANARY}`).set('X-Request-Id', CANARY).expect(400);
  await get(key, `/api/v1/${CANARY}`).expect(404);
  await get(other, '/api/v1/me').expect(200);
  await post(key, '/api/v1/campaigns', {
    name: 'Spring, "quoted"',
    platform: 'email',
  }).expect(201);
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});

const bearer = ({ token }: TestKey) => `Bearer ${token}`;
const get = (as: TestKey, path: string) => app.request.get(path).set('Authorization', bearer(as));
const post = (as: TestKey, path: string, body: object) =>
  app.request.post(path).set('Authorization', bearer(as)).send(body);

async function asked(body: object, as = key): Promise<Export> {
  const answer = await post(as, '/api/v1/audit/exports', body).expect(202);
  return answer.body as Export;
}

/** Does what the job does, here and now. */
async function written(id: string, signal = new AbortController().signal): Promise<void> {
  const found = await app.get(ExportProgress).find(fromPublicId('auditExport', id) ?? '');
  if (!found) throw new Error('There is no such export.');
  await app.get(ExportWriter).write(found, signal);
}

async function exported(body: object): Promise<{ text: string; result: Export; manifest: ManifestDocument }> {
  const { id } = await asked(body);
  await written(id);
  const result = (await get(key, `/api/v1/audit/exports/${id}`).expect(200)).body as Export;
  const file = await get(key, `/api/v1/audit/exports/${id}/file`).buffer(true).parse(binary).expect(200);
  const manifest = (await get(key, `/api/v1/audit/exports/${id}/manifest`).expect(200))
    .body as ManifestDocument;
  return { text: (file.body as Buffer).toString(), result, manifest };
}

const binary = (response: unknown, done: (error: Error | null, body: Buffer) => void) => {
  const stream = response as NodeJS.ReadableStream;
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
};
async function fileOf(id: string): Promise<string> {
  const answer = await get(key, `/api/v1/audit/exports/${id}/file`).buffer(true).parse(binary).expect(200);
  return (answer.body as Buffer).toString();
}

const pick = (result: Export['result']) => ({
  count: result?.count,
  bytes: result?.bytes,
  sha256: result?.sha256,
});

const lines = (text: string) => text.trimEnd().split('\n');
const events = (text: string) => lines(text).map((line) => JSON.parse(line) as Record<string, unknown>);

describe('an export', () => {
  it('has every row of the organization, and none of another, with a manifest that holds', async () => {
    const [counted] = await app.sql<{ rows: number }>(
      'SELECT count(*)::int AS rows FROM request_log WHERE organization_id = $1',
      [fromPublicId('organization', key.organizationId)],
    );
    const { text, result, manifest } = await exported({ log: 'requests', format: 'ndjson' });
    const rows = events(text);
    expect(result).toMatchObject({ status: 'done', result: { count: rows.length } });
    expect(rows).toHaveLength(counted?.rows ?? -1);
    expect(new Set(rows.map(({ organizationId }) => organizationId))).toEqual(new Set([key.organizationId]));
    const digest = createHash('sha256').update(text).digest('hex');
    expect(result.result?.sha256).toBe(digest);
    expect(checkManifest(manifest, digest)).toMatchObject({
      faults: [],
      attested: { count: rows.length, log: 'requests', format: 'ndjson', filters: {} },
    });
    expect(checkManifest(manifest, '0'.repeat(64)).faults).toHaveLength(1);
    const forged = { ...manifest, manifest: manifest.manifest.replace('"count":', '"count":1') };
    expect(checkManifest(forged, digest).faults).toHaveLength(1);
    expect(checkManifest(manifest, digest, ['ab'.repeat(32)]).faults).toHaveLength(1);
  });

  it('is told of by an event once it is done, and not before', async () => {
    const told = (id: string) =>
      app.sql('SELECT type, organization_id, data FROM events WHERE subject_id = $1', [id]);
    const { id } = await asked({ log: 'changes', format: 'csv' });
    expect(await told(id)).toEqual([]);
    await written(id);
    const { result } = (await get(key, `/api/v1/audit/exports/${id}`).expect(200)).body as Export;
    expect(await told(id)).toMatchObject([
      {
        type: 'export.ready',
        organization_id: fromPublicId('organization', key.organizationId),
        data: { id, log: 'changes', format: 'csv', createdBy: key.id, ...pick(result) },
      },
    ]);
  });

  it('takes the filters of the search', async () => {
    const { text } = await exported({ log: 'requests', format: 'ndjson', filters: { status: '4xx' } });
    expect(events(text).map(({ status }) => status)).toEqual([400, 404]);
    const changes = await exported({ log: 'changes', format: 'ndjson', filters: { entity: 'campaign' } });
    expect(events(changes.text)).toEqual([
      expect.objectContaining({ entity: 'campaign', action: 'insert', actor: { type: 'key', id: key.id } }),
    ]);
  });

  it.each([
    [{ log: 'requests', format: 'csv', filters: { status: '9xx' } }, 'filters.status'],
    [{ log: 'changes', format: 'csv', filters: { route: '/x' } }, 'filters.route'],
    [{ log: 'requests', format: 'csv', filters: { from: '2026-02-01', to: '2026-01-01' } }, 'filters.to'],
    [{ log: 'requests', format: 'pdf' }, 'format'],
    [{ log: 'everything', format: 'csv' }, 'log'],
  ])('says which filter it does not take: %j', async (body, field) => {
    const refusal = await post(key, '/api/v1/audit/exports', body).expect(400);
    expect(refusal.body).toMatchObject({ error: { code: 'INVALID_INPUT', details: { field } } });
  });

  it('is a table that no spreadsheet calculates', async () => {
    const { text } = await exported({ log: 'requests', format: 'csv' });
    const [head, ...rows] = text.trimEnd().split('\r\n');
    expect(head?.split(',').slice(0, 3)).toEqual(['requestId', 'at', 'durationMicros']);
    expect(text).toContain(",'=cmd|calc,");
    expect(rows.length).toBeGreaterThan(3);
    const changes = await exported({ log: 'changes', format: 'csv', filters: { entity: 'campaign' } });
    expect(changes.text).toContain('""Spring, \\""quoted\\""""');
  });

  it('is of events that OCSF knows', async () => {
    const requests = events((await exported({ log: 'requests', format: 'ocsf' })).text);
    for (const event of requests) {
      expect(event).toMatchObject({
        ...{ class_uid: 6003, category_uid: 6, severity_id: 1, metadata: { version: '1.5.0' } },
        type_uid: 600_300 + Number(event['activity_id']),
        time: expect.any(Number) as unknown,
        actor: { user: expect.any(Object) as unknown },
        api: { operation: expect.any(String) as unknown },
        src_endpoint: expect.any(Object) as unknown,
      });
    }
    const changes = events((await exported({ log: 'changes', format: 'ocsf' })).text);
    for (const event of changes) {
      expect(event).toMatchObject({
        ...{ class_uid: 3004, category_uid: 3, severity_id: 1 },
        type_uid: 300_400 + Number(event['activity_id']),
        entity: { uid: expect.any(String) as unknown },
      });
    }
    expect(changes.length).toBeGreaterThan(0);
  });

  it('holds no secret that a request held', async () => {
    for (const format of ['csv', 'ndjson', 'ocsf']) {
      expect((await exported({ log: 'requests', format })).text).not.toContain(CANARY.slice(12, 40));
    }
  });

  it('is a row of the log itself, and so is each download', async () => {
    const before = (await exported({ log: 'requests', format: 'ndjson' })).result.result?.count ?? 0;
    const { text } = await exported({ log: 'requests', format: 'ndjson' });
    const rows = events(text).slice(before);
    expect(rows.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['createAuditExport', 'downloadAuditExport', 'getAuditExportManifest']),
    );
  });

  it('has what was committed when it was asked for, and nothing later', async () => {
    const { id } = await asked({ log: 'requests', format: 'ndjson' });
    const [before] = await app.sql<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM request_log WHERE organization_id = $1 AND operation <> 'createAuditExport'`,
      [fromPublicId('organization', key.organizationId)],
    );
    for (let times = 0; times < 3; times += 1) await get(key, '/api/v1/me').expect(200);
    await written(id);
    const text = await fileOf(id);
    const rows = events(text).filter(({ operation }) => operation !== 'createAuditExport');
    expect(rows).toHaveLength(before?.rows ?? -1);
  });
});

describe('a download', () => {
  it('goes on where it was cut', async () => {
    const { id } = await asked({ log: 'requests', format: 'csv' });
    await written(id);
    const path = `/api/v1/audit/exports/${id}/file`;
    const whole = await get(key, path).buffer(true).parse(binary).expect(200);
    const etag = String(whole.headers['etag']);
    const all = whole.body as Buffer;
    const part = await get(key, path)
      .set('Range', 'bytes=100-')
      .set('If-Range', etag)
      .buffer(true)
      .parse(binary)
      .expect(206);
    expect(part.headers['content-range']).toBe(`bytes 100-${all.length - 1}/${all.length}`);
    expect((part.body as Buffer).equals(all.subarray(100))).toBe(true);
    await get(key, path).set('Range', 'bytes=100-').set('If-Range', '"another"').expect(200);
    await get(key, path).set('If-None-Match', etag).expect(304);
    const beyond = await get(key, path).set('Range', `bytes=${all.length}-`).expect(416);
    expect(beyond.body).toMatchObject({ error: { code: 'RANGE_NOT_SATISFIABLE' } });
    expect(beyond.headers['content-range']).toBe(`bytes */${all.length}`);
    expect(whole.headers['content-disposition']).toBe(`attachment; filename="requests-${id}.csv"`);
  });

  it('is not there before it is done, nor for another organization, nor when it is deleted', async () => {
    const { id } = await asked({ log: 'changes', format: 'ndjson' });
    const path = `/api/v1/audit/exports/${id}`;
    await get(key, `${path}/file`).expect(409);
    await get(key, `${path}/manifest`).expect(409);
    await get(other, path).expect(404);
    await get(other, `${path}/file`).expect(404);
    await written(id);
    await get(key, `${path}/file`).expect(200);
    const files = readdirSync(directory).length;
    await app.request.delete(path).set('Authorization', bearer(key)).expect(204);
    expect(readdirSync(directory)).toHaveLength(files - 1);
    await get(key, path).expect(404);
  });
});

describe('a long export', () => {
  beforeAll(async () => {
    const organization_id = fromPublicId('organization', key.organizationId) ?? null;
    const now = Date.now();
    for (let batch = 0; batch < 4; batch += 1) {
      const rows = Array.from({ length: 5_000 }, () =>
        oldRow(now, { organization_id, query: 'q='.padEnd(900, 'x') }),
      );
      await appendRequests(app, rows);
    }
  });

  it('is gone on with where a run was ended: no row is left out, none is there twice', async () => {
    const whole = await exported({ log: 'requests', format: 'ndjson' });
    const { id } = await asked({ log: 'requests', format: 'ndjson' });
    const logText = app.get(LogText);
    const of = logText.of.bind(logText);
    for (const chunksLeft of [2, 3]) {
      // The process ends while it writes: some chunks are durable, and the next one may be there in part.
      logText.of = (order) => ({
        ...of(order),
        chunks: async function* (after) {
          let left = chunksLeft;
          for await (const chunk of of(order).chunks(after)) {
            if (left-- === 0) throw new Error('the process ends');
            yield chunk;
          }
        },
      });
      await expect(written(id)).rejects.toThrow('the process ends');
    }
    logText.of = of;
    const halfway = await get(key, `/api/v1/audit/exports/${id}`);
    expect((halfway.body as Export).progress.rowsDone).toBe(10_000);
    await written(id);
    const text = await fileOf(id);
    const ids = events(text).map((row) => JSON.stringify([row['requestId'], row['outcome']]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(20_000);
    const before = new Set(ids);
    for (const row of events(whole.text))
      expect(before.has(JSON.stringify([row['requestId'], row['outcome']]))).toBe(true);
  }, 60_000);

  it('is written by a worker, and its download ends when its key is revoked', async () => {
    const { id } = await asked({ log: 'requests', format: 'ndjson' });
    const worker = await startTestApp({
      database: app.database,
      runsJobs: true,
      environment: { AUDIT_EXPORT_DIR: directory },
    });
    const reader = await app.createKey({ role: 'compliance', storeId: key.storeId });
    const state = async () => (await get(key, `/api/v1/audit/exports/${id}`)).body as Export;
    try {
      await until('the export is done', async () => (await state()).status === 'done', 30_000);
    } finally {
      await worker.close();
    }
    const connected = once(app.app.getHttpServer(), 'connection') as Promise<[Socket]>;
    const download = request(`${app.url}/api/v1/audit/exports/${id}/file`, {
      agent: false,
      headers: { Authorization: bearer(reader) },
    }).end();
    const [response] = (await once(download, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    // Read no further: the rest waits on the server's side, which alone can see its end.
    const [socket] = await connected;
    const ended = once(socket, 'close');
    await post(key, `/api/v1/keys/${reader.id}/revoke`, {}).expect(200);
    await ended;
    expect(socket.bytesWritten).toBeLessThan((await state()).result?.bytes ?? 0);
    download.destroy();
  }, 60_000);

  it('leaves no file behind when its time is over', async () => {
    await app.sql(`UPDATE audit_export_runs SET expires_at = now() - interval '1 second'`);
    await app.get(ExportSweep).deleteBatch();
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('many exports', () => {
  it('are not under way at once', async () => {
    const quick = { log: 'changes', format: 'csv' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(other, '/api/v1/audit/exports', quick)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 409, 409, 409]);
  });
});
