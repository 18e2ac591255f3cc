import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { levelUses, usageToday } from '../../src/audit/index.js';
import { Database } from '../../src/platform/database/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { call, type Call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const uuidOf = ({ id }: TestKey): string => fromPublicId('key', id) ?? '';
const send = async (key: TestKey, path: string, options: Call = {}): Promise<number> =>
  (await call(app.url, `/api/v1${path}`, { token: key.token, ...options })).status;

async function usageOf(key: TestKey): Promise<{ requests: number; charged: number } | undefined> {
  const [usage] = await usageToday(app.get(Database).manager, [uuidOf(key)]);
  return usage && { requests: usage.requests, charged: usage.charged };
}

async function levelsOf(key: TestKey): Promise<string[]> {
  const uses = await levelUses(app.get(Database).manager, uuidOf(key));
  return uses.map(({ resource, level }) => `${resource} ${level}`);
}

describe('what a key has used today', () => {
  it('is nothing before its first request', async () => {
    expect(await usageOf(await app.createKey())).toBeUndefined();
  });

  it('counts each of its requests once, those side by side too, and apart those that were charged', async () => {
    const key = await app.createKey();
    await Promise.all(Array.from({ length: 40 }, () => send(key, '/campaigns?limit=1')));
    expect(await send(key, '/me')).toBe(200);
    expect(await send(key, '/roles')).toBe(403);
    expect(await usageOf(key)).toEqual({ requests: 42, charged: 40 });
  });

  it('is as many as the log has rows of it', async () => {
    const key = await app.createKey({ plan: 'starter' });
    for (let i = 0; i < 33; i++) await send(key, `/campaigns?page=${i + 1}`);
    const [logged] = await app.sql<{ requests: number; charged: number }>(
      `SELECT count(*)::integer AS requests, sum(quota_charged)::integer AS charged FROM request_log WHERE key_id = $1`,
      [uuidOf(key)],
    );
    expect(logged).toEqual({ requests: 33, charged: 30 });
    expect(await usageOf(key)).toEqual(logged);
  });

  it('does not count what a revoked key asks for', async () => {
    const key = await app.createKey();
    expect(await send(key, `/keys/${key.id}/revoke`, { method: 'POST' })).toBe(200);
    expect(await send(key, '/campaigns')).toBe(401);
    expect(await usageOf(key)).toEqual({ requests: 1, charged: 0 });
  });

  it('ends with the day, at midnight UTC', async () => {
    const key = await app.createKey();
    await send(key, '/campaigns');
    await app.sql(`UPDATE key_usage SET hour = hour - interval '24 hours' WHERE key_id = $1`, [uuidOf(key)]);
    expect(await usageOf(key)).toBeUndefined();
  });
});

describe('the levels that a key has used', () => {
  it('are those by which it was let in', async () => {
    const key = await app.createKey({ role: 'admin' });
    await send(key, '/campaigns');
    await send(key, '/campaigns', { method: 'POST', body: { name: 'Spring sale', platform: 'email' } });
    await send(key, '/roles');
    expect(await levelsOf(key)).toEqual([
      'content.campaigns read',
      'content.campaigns write',
      'settings.roles read',
    ]);
  });

  it('are used where the request failed after it was let in', async () => {
    const key = await app.createKey();
    expect(await send(key, '/campaigns', { method: 'POST', body: {} })).toBe(400);
    expect(await levelsOf(key)).toEqual(['content.campaigns write']);
  });

  it('are not used by what was refused, nor by what needs no level', async () => {
    const key = await app.createKey({ role: 'read-only' });
    await send(key, '/campaigns', { method: 'POST', body: {} });
    await send(key, '/me');
    await send(key, '/nothing');
    expect(await send(key, `/keys/${key.id}/revoke`, { method: 'POST' })).toBe(200);
    expect(await levelsOf(key)).toEqual([]);
  });

  it('are told by every process that sees them', async () => {
    const key = await app.createKey();
    await send(key, '/campaigns');
    await app.sql(`UPDATE key_levels SET last_used_at = '2026-01-01' WHERE key_id = $1`, [uuidOf(key)]);
    const other = await startTestApp({ database: app.database });
    try {
      await call(other.url, '/api/v1/campaigns', { token: key.token });
    } finally {
      await other.close();
    }
    const [use] = await levelUses(app.get(Database).manager, uuidOf(key));
    expect(use?.lastUsedAt.getTime()).toBeGreaterThan(Date.parse('2026-01-02'));
  });
});
