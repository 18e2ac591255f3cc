import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newToken } from '../../src/keys/index.js';
import { call, codeOf } from '../support/http-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { documentOf, failureOf, gatehouse, gatehouseHere } from './gatehouse.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

describe('an operator who has found a token', () => {
  it('learns whose it is, reports it, and sees the report, and the token is printed nowhere', async () => {
    const key = await app.createKey();
    const check = (stdin: string) =>
      documentOf<Record<string, unknown>>(gatehouse(app.database, ['tokens', 'check', '--json'], { stdin }));
    expect(await check(`${key.token}\n`)).toEqual({
      wellFormed: true,
      standing: 'active',
      keyId: key.id,
      keyName: 'Test key',
      storeId: key.storeId,
    });
    expect(await check('nonsense')).toMatchObject({ wellFormed: false, standing: 'unknown', keyId: null });

    const where = 'https://example.com/paste';
    const reported = await gatehouse(app.database, ['leaks', 'report', '--url', where], {
      stdin: `${key.token}\n${newToken('gate', 'live')}\nnonsense of mine\n`,
    });
    expect(reported.stdout).toMatch(/^1 +gate_live_\w{4}…\w{4} +a key’s/m);
    expect(reported.stdout).toMatch(/^2 +gate_live_\w{4}…\w{4} +no key has it$/m);
    expect(reported.stdout).toMatch(/^3 +… +no key has it$/m);
    expect(codeOf(await call(app.url, '/api/v1/me', { token: key.token }))).toBe('KEY_REVOKED');

    const list = await gatehouseHere(app.database, ['leaks', 'list', '--store', key.storeId]);
    expect(list.stdout).toMatch(new RegExp(`${key.id} +Test key +gate_live_.* +revoked +${where}$`, 'm'));
    for (const { stdout, stderr } of [reported, list]) {
      expect(stdout + stderr).not.toContain(key.token.slice(10, 40));
      expect(stdout + stderr).not.toContain('nonsense');
    }
    const failed = await failureOf(gatehouseHere(app.database, ['leaks', 'list', '--limit', '0', '--json']));
    expect(failed.message).toContain('--limit must be');
  });
});
