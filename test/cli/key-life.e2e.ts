import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { age, member } from '../keys/key-life.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { documentOf, failureOf, gatehouseHere } from './gatehouse.js';

interface KeyDocument {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly ipAllowlist: string[] | null;
  readonly expiresAt: string | null;
  readonly owner: { id: string; name: string } | null;
  readonly metadata: Record<string, string>;
  readonly limits: { hour: number | null; day: number | null };
}

interface BulkDocument {
  readonly dryRun: boolean;
  readonly results: readonly { id: string; outcome: string; token?: string; expiresAt?: string }[];
}

let app: TestApp;
let admin: TestKey;
let ada: string;

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.createKey({ role: 'admin' });
  ada = await member(app, admin.organizationId, 'Ada');
});
afterAll(() => app.close());

const run = (...args: string[]) => gatehouseHere(app.database, ['keys', ...args]);
const runJson = <T = KeyDocument>(...args: string[]) => documentOf<T>(run(...args, '--json'));
const fails = (...args: string[]) => failureOf(run(...args, '--json'));
const create = (name: string, ...args: string[]) =>
  runJson('create', '--store', admin.storeId, '--role', 'read-only', '--name', name, ...args);

async function knock(token: string): Promise<number> {
  return (await app.request.get('/api/v1/campaigns').set('Authorization', `Bearer ${token}`)).status;
}

describe('gatehouse keys', () => {
  it('creates with an owner and metadata, updates, and shows', async () => {
    const key = await create('Made', '--owner', ada, '--metadata', 'team=growth', '--metadata', 'a=b=c');
    expect(key).toMatchObject({ owner: { id: ada, name: 'Ada' }, metadata: { team: 'growth', a: 'b=c' } });
    const changed = await runJson(
      ...['update', key.id, '--name', 'Renamed', '--ip', '127.0.0.1', '--ip', '::1', '--expires-in', '30d'],
    );
    expect(changed).toMatchObject({ name: 'Renamed', ipAllowlist: ['127.0.0.1', '::1'], owner: { id: ada } });
    expect(await runJson('update', key.id, '--no-ip', '--no-owner', '--expires-in', 'never')).toMatchObject({
      name: 'Renamed',
      ipAllowlist: null,
      owner: null,
      expiresAt: null,
    });
    expect(await knock(key.token)).toBe(200);
    const shown = await run('show', key.id);
    expect(shown.code).toBe(0);
    for (const text of ['Renamed', 'Used today', '1 requests', 'team', 'growth', 'SECRET']) {
      expect(shown.stdout).toContain(text);
    }
    expect(shown.stdout).not.toContain(key.token.slice(20, 40));
    expect(await fails('update', key.id)).toMatchObject({ code: 'USAGE' });
    expect(await fails('update', key.id, '--owner', 'mem_01h455vb4pex5vsknk084sn02q')).toEqual({
      code: 'INVALID_INPUT',
      message: '--owner must be an active member of the organization',
    });
    expect(await fails('update', key.id, '--metadata', 'nothing')).toMatchObject({
      message: expect.stringMatching(/^--metadata must have the form/),
    });
  });

  it('gives limits of the key’s own, changes and removes them, and shows them', async () => {
    const key = await create('Limited', '--hour-limit', '100');
    expect(key.limits).toEqual({ hour: 100, day: null });
    const changed = await runJson('update', key.id, '--no-hour-limit', '--day-limit', '2000');
    expect(changed.limits).toEqual({ hour: null, day: 2_000 });
    expect((await run('show', key.id)).stdout).toMatch(/Limits +2000 a day/);
    expect((await runJson('update', key.id, '--no-day-limit')).limits).toEqual({ hour: null, day: null });
    expect((await run('show', key.id)).stdout).not.toContain('Limits');
    expect(await fails('update', key.id, '--hour-limit', 'many')).toEqual({
      code: 'INVALID_INPUT',
      message: 'the limit hour must be a whole number from 1 to 2147483646',
    });
  });

  it('finds what the API finds', async () => {
    const [old, fresh] = [await create('Find old', '--owner', ada), await create('Find fresh')];
    await age(app, old.id, 100);
    const found = async (...args: string[]) =>
      (
        await runJson<{ data: KeyDocument[] }>('list', '--store', admin.storeId, '--search', 'find', ...args)
      ).data.map(({ id }) => id);
    expect(await found('--unused-days', '90', '--rotation-due', '--owner', ada)).toEqual([old.id]);
    expect(await found('--role', 'read-only')).toEqual([fresh.id, old.id]);
    expect(await fails('list', '--unused-days', '0')).toEqual({
      code: 'INVALID_INPUT',
      message: '--unused-days must be a whole number from 1 to 3650',
    });
  });

  it('rotates, extends and revokes many, after a look and a yes', async () => {
    const keys = [
      await create('Many 1', '--expires-in', '30d'),
      await create('Many 2', '--expires-in', '30d'),
    ];
    const fitting = ['--store', admin.storeId, '--search', 'Many'];
    const outcomes = ({ results }: BulkDocument) => results.map(({ id, outcome }) => [id, outcome]);
    const each = (outcome: string) => keys.map(({ id }) => [id, outcome]);

    expect((await fails('bulk-revoke', ...fitting)).code).toBe('CONFIRMATION_REQUIRED');
    const dry = await run('bulk-revoke', ...fitting, '--dry-run');
    expect(dry.stdout).toMatch(/WOULD BE[^]*revoked[^]*2 keys, nothing was changed\./);
    for (const { token } of keys) expect(await knock(token)).toBe(200);

    const extended = await runJson<BulkDocument>('bulk-extend', ...fitting, '--expires-in', '90d', '--yes');
    expect(outcomes(extended)).toEqual(each('extended'));
    const rotated = await runJson<BulkDocument>('bulk-rotate', ...fitting, '--yes');
    expect(outcomes(rotated)).toEqual(each('rotated'));
    for (const { token = '' } of rotated.results) expect(await knock(token)).toBe(200);
    const one = ['--store', admin.storeId, '--id', keys[0]?.id ?? ''];
    const revoked = await run('bulk-revoke', ...one, '--reason', 'left', '--yes');
    expect(revoked).toMatchObject({ code: 0, stdout: expect.stringContaining('revoked') });
    expect(await knock(rotated.results[0]?.token ?? '')).toBe(401);
    expect(await knock(rotated.results[1]?.token ?? '')).toBe(200);
    expect(await fails('bulk-revoke', '--store', admin.storeId, '--yes')).toEqual({
      code: 'INVALID_INPUT',
      message: 'the filter must have at least one criterion',
    });
  });
});
