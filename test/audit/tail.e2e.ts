import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { EventStream, type StreamOptions } from './event-stream.js';
import { uuidOf } from './log-rows.js';

let app: TestApp;
let other: TestApp;
let reader: TestKey;
let writer: TestKey;
const open: EventStream[] = [];

beforeAll(async () => {
  app = await startTestApp();
  other = await startTestApp({ database: app.database });
  reader = await app.createKey({ role: 'compliance' });
  writer = await app.createKey({ storeId: reader.storeId });
});
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});
afterAll(async () => {
  await other.close();
  await app.close();
});

async function follow(query = '', options: StreamOptions = { token: reader.token }): Promise<EventStream> {
  const stream = await EventStream.open(app.url, query, options);
  open.push(stream);
  return stream;
}

/** Asks for something through one of the processes; answers the request's id. */
async function ask(path = '/campaigns', { token } = writer, url = app.url): Promise<string> {
  const answer = await call(url, `/api/v1${path}`, { token });
  return String(answer.headers['x-request-id']);
}

const ofWriter = () => `keyId=${writer.id}`;

describe('GET /audit/requests/tail', () => {
  it('tells every request from its first byte on, by any process', async () => {
    const stream = await follow(ofWriter());
    expect(stream.answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(/^req_/) as unknown,
    });
    const asked = [await ask(), await ask('/campaigns', writer, other.url), await ask('/nothing')];
    await stream.until((rows) => rows.length === 3);
    expect([...stream.ids].sort()).toEqual(asked.sort());
    expect(stream.rows.find(({ path }) => path === '/api/v1/nothing')).toMatchObject({
      keyId: writer.id,
      status: 404,
      errorCode: 'NOT_FOUND',
    });
  });

  it('takes the search’s filters, and tells nothing of other organizations', async () => {
    const stranger = await app.createKey();
    const [all, failed] = [await follow(), await follow('status=4xx&method=GET&q=NOTH')];
    await ask('/nothing', stranger);
    await ask();
    const missing = await ask('/nothing');
    await Promise.all([
      all.until((rows) => rows.some(({ requestId }) => requestId === missing)),
      failed.until((rows) => rows.length > 0),
    ]);
    expect(failed.ids).toEqual([missing]);
    expect(all.rows.map(({ keyId }) => keyId)).not.toContain(stranger.id);
    // reading it is a request, too
    expect(all.ids).toContain(failed.answer.headers['x-request-id']);
  });

  it('misses and doubles nothing with many writers at once, while the database cuts every connection', async () => {
    const stream = await follow(ofWriter());
    const answered: string[] = [];
    const hammer = async (url: string) => {
      for (let i = 0; i < 60; i++) {
        const answer = await call(url, '/api/v1/me', { token: writer.token });
        if (answer.status === 200) answered.push(String(answer.headers['x-request-id']));
      }
    };
    const cut = async () => {
      for (let i = 0; i < 5; i++) {
        await app.sql(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'gatehouse pool'`,
        );
        await stream.until((rows) => rows.length > 20 * i);
      }
    };
    const urls = [app.url, other.url, app.url, other.url];
    await Promise.all([...urls.map(hammer), cut()]);
    // Campaigns are read by the connections that were cut: their 503 would have no row.
    const last = await ask('/me');
    await stream.until((rows) => rows.some(({ requestId }) => requestId === last));
    await stream.until((rows) => rows.length >= answered.length + 1);
    expect(new Set(stream.ids).size).toBe(stream.ids.length);
    expect(stream.ids).toEqual(expect.arrayContaining([...answered, last]));
  });

  it('goes on after the last event that was read, over as many readers as it takes', async () => {
    const first = await follow(ofWriter());
    const asked: string[] = [];
    for (let i = 0; i < 3; i++) asked.push(await ask());
    await first.until((rows) => rows.length === 3);
    first.close();
    // many at once, so that a batch has several rows, and is resumed in its midst
    asked.push(...(await Promise.all(Array.from({ length: 40 }, () => ask('/me')))));
    const all: string[] = [];
    for (let lastEventId = first.events[0]?.id, i = 0; i < 42; i++) {
      const stream = await follow(ofWriter(), { token: reader.token, lastEventId });
      await stream.until((rows) => rows.length > 0);
      all.push(stream.ids[0] ?? '');
      lastEventId = stream.events.find(({ row }) => row !== null)?.id;
      stream.close();
    }
    expect([first.ids[0], ...all].sort()).toEqual(asked.sort());
  });

  it.each(['x', '1', '1.2.3.4', '1.99999999', '-1.2'])('refuses to resume after %p', async (lastEventId) => {
    await expect(follow('', { token: reader.token, lastEventId })).rejects.toThrow(/^400 .*Last-Event-ID/);
  });

  it.each(['limit=1', 'from=2026-01-01', 'ip=x', 'status=9'])('refuses %s', async (query) => {
    await expect(follow(query)).rejects.toThrow(/^400 .*INVALID_INPUT/);
  });

  it('needs the level, and an operator for other organizations', async () => {
    await expect(follow('', { token: writer.token })).rejects.toThrow(/^403 .*PERMISSION_DENIED/);
    await expect(follow('organizationId=none')).rejects.toThrow(/^403 .*PERMISSION_DENIED/);
    const { cookie } = await app.signIn();
    const strangers = await follow('organizationId=none', { cookie });
    const lost = await call(app.url, '/api/v1/campaigns');
    await strangers.until((rows) => rows.length > 0);
    expect(strangers.ids).toEqual([lost.headers['x-request-id']]);
  });

  it('answers HEAD without following', async () => {
    const answer = await call(app.url, '/api/v1/audit/requests/tail', {
      method: 'HEAD',
      token: reader.token,
    });
    expect(answer.status).toBe(200);
  });
});

describe('a stream ends', () => {
  it('within a second of its key’s being revoked, and tells nothing more', async () => {
    const key = await app.createKey({ role: 'compliance', storeId: reader.storeId });
    const stream = await follow(ofWriter(), { token: key.token });
    await ask();
    await stream.until((rows) => rows.length === 1);
    const revoked = await call(app.url, `/api/v1/keys/${key.id}/revoke`, {
      method: 'POST',
      token: key.token,
    });
    expect(revoked.status).toBe(200);
    const revokedAt = performance.now();
    const ended = stream.ended.then(() => performance.now() - revokedAt);
    expect(await ended).toBeLessThan(1_500);
    await ask();
    expect(stream.rows).toHaveLength(1);
  });

  it('with its member’s session', async () => {
    const { cookie, csrfToken } = await app.signIn();
    const stream = await follow('', { cookie });
    await call(app.url, '/api/v1/session', {
      method: 'DELETE',
      headers: { Cookie: cookie, 'X-CSRF-Token': csrfToken, Origin: app.url },
    });
    await stream.ended;
  });

  it('with its organization’s suspension', async () => {
    const key = await app.createKey({ role: 'compliance' });
    const stream = await follow('', { token: key.token });
    const id = uuidOf('organization', key.organizationId);
    await app.sql(`UPDATE organizations SET status = 'suspended' WHERE id = $1`, [id]);
    await stream.ended;
  });

  it('with its server, which waits for nobody, and has its closing row', async () => {
    const third = await startTestApp({ database: app.database });
    const stream = await EventStream.open(third.url, '', { token: reader.token });
    await third.close();
    await stream.ended;
    const rows = await app.sql<{ outcome: string }>(
      `SELECT outcome FROM request_log WHERE operation = 'followRequests' AND organization_id IS NOT NULL
       AND request_id = (SELECT max(request_id::text)::uuid FROM request_log WHERE operation = 'followRequests')`,
    );
    expect(rows.map(({ outcome }) => outcome).sort()).toEqual(['completed', 'streaming']);
  });
});

describe('streams at once', () => {
  it('are bounded for an organization', async () => {
    const key = await app.createKey({ role: 'compliance' });
    const streams = await Promise.all(Array.from({ length: 8 }, () => follow('', { token: key.token })));
    const refused = await call(app.url, '/api/v1/audit/requests/tail', { token: key.token });
    expect([refused.status, refused.headers['retry-after'], refused.text]).toEqual([
      429,
      '5',
      expect.stringContaining('TOO_MANY_STREAMS'),
    ]);
    await follow();
    // room again, as soon as the server has seen one go
    streams[0]?.close();
    for (let refusals = 0; ; refusals++) {
      const again = await follow('', { token: key.token }).catch((error: Error) => error.message);
      if (typeof again !== 'string') break;
      expect(again).toMatch(/^429/);
      expect(refusals).toBeLessThan(5_000);
    }
  });
});
