import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { uuidOf } from './key-calls.js';
import { type EventView, eventsOf, runJob } from './key-life.js';

let app: TestApp;
/** Another process over the same database: another writer of the log. */
let second: TestApp;

beforeAll(async () => {
  app = await startTestApp({ environment: { TRUST_PROXY: '1' } });
  second = await startTestApp({ environment: { TRUST_PROXY: '1' }, database: app.database });
});
afterAll(async () => {
  await second.close();
  await app.close();
});

const look = (by = app) => runJob(by, 'keys.sightings');

/** A request that reaches us from an address; answers its id. */
async function use({ token }: TestKey, from: string, path = '/plans', by = app): Promise<string> {
  const answer = await call(by.url, `/api/v1${path}`, { token, headers: { 'X-Forwarded-For': from } });
  return String(answer.headers['x-request-id']);
}

async function told(key: TestKey, type: string): Promise<EventView['data'][]> {
  const events = await eventsOf(app, key.id);
  return events.filter((event) => event.type === type).map(({ data }) => data);
}

const networksOf = async (key: TestKey) => (await told(key, 'key.new_network')).map(({ network }) => network);

describe('key.first_used', () => {
  it('tells of the first request that succeeded, once', async () => {
    const key = await app.createKey({ role: 'read-only' });
    await look();
    expect(await told(key, 'key.first_used')).toEqual([]);
    await use(key, '192.0.2.7', '/nothing');
    await look();
    expect(await told(key, 'key.first_used')).toEqual([]);
    const first = await use(key, '192.0.2.8');
    await use(key, '192.0.2.9');
    await look();
    await use(key, '192.0.2.7');
    await look();
    const { data: created } = (await eventsOf(app, key.id))[0] ?? {};
    expect(await told(key, 'key.first_used')).toEqual([
      {
        id: key.id,
        name: 'Test key',
        storeId: key.storeId,
        environment: 'live',
        preview: created?.['preview'],
        at: expect.any(String),
        network: '192.0.2.0/24',
        requestId: first,
      },
    ]);
  });
});

describe('key.new_network', () => {
  it('tells of each network but a key’s first, once; an IPv4 /24, an IPv6 /48', async () => {
    const key = await app.createKey({ role: 'read-only' });
    await use(key, '192.0.2.7');
    await use(key, '192.0.2.200');
    await look();
    expect(await networksOf(key)).toEqual([]);
    const asked = await use(key, '198.51.100.1');
    await use(key, '198.51.100.99');
    await use(key, '192.0.2.1');
    await use(key, '2001:db8:1::1');
    await look();
    await use(key, '2001:db8:1:ffff::2');
    await use(key, '2001:db8:2::1');
    await look();
    expect(await networksOf(key)).toEqual(['198.51.100.0/24', '2001:db8:1::/48', '2001:db8:2::/48']);
    expect((await told(key, 'key.new_network'))[0]).toMatchObject({ requestId: asked, status: 200 });
  });

  it('finds them too where all lie in the part that is looked at first', async () => {
    const key = await app.createKey({ role: 'read-only' });
    for (const from of ['203.0.113.1', '198.51.100.1', '203.0.113.2']) await use(key, from);
    await look();
    expect(await networksOf(key)).toEqual(['198.51.100.0/24']);
  });

  it('tells of a request that was refused, and of none whose key had ended', async () => {
    const key = await app.createKey({ role: 'read-only', ipAllowlist: ['192.0.2.0/24'] });
    await use(key, '192.0.2.7');
    await use(key, '198.51.100.1');
    await app.sql('UPDATE keys SET revoked_at = now() WHERE id = $1', [uuidOf('key', key.id)]);
    await use(key, '203.0.113.1');
    await look();
    expect(await told(key, 'key.new_network')).toMatchObject([{ network: '198.51.100.0/24', status: 403 }]);
  });

  it('is no news for a key that was used from a thousand', async () => {
    const key = await app.createKey({ role: 'read-only' });
    await app.sql(
      `INSERT INTO key_networks (key_id, network, at)
       SELECT $1, network(set_masklen('10.0.0.0'::inet + n * 256, 24)), now() FROM generate_series(1, 1000) AS n`,
      [uuidOf('key', key.id)],
    );
    await use(key, '198.51.100.1');
    await look();
    expect(await networksOf(key)).toEqual([]);
  });
});

describe('whoever looks', () => {
  it('tells each thing once, over any number of processes that write and look', async () => {
    const key = await app.createKey({ role: 'read-only' });
    await use(key, '192.0.2.7');
    await look();
    for (const net of [1, 2, 3, 4, 5]) {
      await Promise.all([use(key, `198.51.${net}.1`), use(key, `198.51.${net}.2`, '/plans', second)]);
    }
    await Promise.all([look(), look(second), look(), look(second)]);
    expect((await networksOf(key)).sort()).toEqual([1, 2, 3, 4, 5].map((net) => `198.51.${net}.0/24`));
    expect(await told(key, 'key.first_used')).toHaveLength(1);
  });

  it('loses nothing and tells nothing twice where it fails in the middle', async () => {
    const key = await app.createKey({ role: 'read-only' });
    await use(key, '192.0.2.7');
    await use(key, '198.51.100.1');
    await app.sql(`ALTER TABLE events ADD CONSTRAINT not_now CHECK (type <> 'key.new_network') NOT VALID`);
    await expect(look()).rejects.toThrow('not_now');
    expect(await told(key, 'key.first_used')).toEqual([]);
    await app.sql('ALTER TABLE events DROP CONSTRAINT not_now');
    await look();
    await look();
    expect(await told(key, 'key.first_used')).toHaveLength(1);
    expect(await networksOf(key)).toEqual(['198.51.100.0/24']);
  });

  it('passes over keys that are deleted', async () => {
    const key = await app.createKey({ role: 'read-only' });
    await use(key, '192.0.2.7');
    await app.sql('DELETE FROM keys WHERE id = $1', [uuidOf('key', key.id)]);
    await look();
    expect(await told(key, 'key.first_used')).toEqual([]);
  });
});
