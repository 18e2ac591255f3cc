import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { documentOf, failureOf, gatehouse, gatehouseHere } from './gatehouse.js';

interface RoleDocument {
  readonly id: string;
  readonly name: string;
  readonly grants: Record<string, string>;
  readonly change: { levels: object[]; affectedKeys: number };
  readonly keys: { name: string }[];
}

let app: TestApp;
let key: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  key = await app.createKey();
});
afterAll(() => app.close());

const run = (...args: string[]) => gatehouseHere(app.database, args);
const runJson = <T = RoleDocument>(...args: string[]) => documentOf<T>(run(...args, '--json'));
const fails = (...args: string[]) => failureOf(run(...args, '--json'));

describe('gatehouse roles', () => {
  it('makes, shows, previews, changes and deletes a role of an organization', async () => {
    const role = await runJson(
      'roles',
      'create',
      '--name',
      'Editor',
      '--organization',
      key.organizationId,
      '--grants',
      '{"settings.keys":"admin"}',
      '--policy',
      'Campaigns Full Access',
      '--policy',
      'Campaigns Read-only',
    );
    expect(role.grants).toEqual({ 'settings.keys': 'admin', 'content.campaigns': 'write' });
    await runJson('keys', 'create', '--name', 'User', '--store', key.storeId, '--role', role.id);

    const edit = [role.id, '--policy', 'Campaigns Read-only'];
    const levels = [
      { resource: 'content.campaigns', before: 'write', after: 'read' },
      { resource: 'settings.keys', before: 'admin', after: 'none' },
    ];
    const preview = await runJson('roles', 'preview', ...edit);
    expect(preview).toMatchObject({ change: { levels, affectedKeys: 1 }, keys: [{ name: 'User', levels }] });
    expect((await runJson('roles', 'show', role.id)).grants).toEqual(role.grants);

    expect(await runJson('roles', 'update', ...edit)).toMatchObject({ change: { levels, affectedKeys: 1 } });
    const [change] = await app.sql<{ actor: string; reason: string }>(
      `SELECT actor_type || ' ' || actor_id AS actor, reason FROM change_log
       WHERE entity = 'role' AND action = 'update' ORDER BY id DESC LIMIT 1`,
    );
    expect(change).toEqual({ actor: 'system cli', reason: 'gatehouse roles update' });

    expect(await fails('roles', 'delete', role.id, '--yes')).toMatchObject({ code: 'CONFLICT' });
    await app.sql(`DELETE FROM keys WHERE name = 'User'`);
    expect(await fails('roles', 'delete', role.id)).toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    await runJson('roles', 'delete', role.id, '--yes');
    expect(await fails('roles', 'show', role.id)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says which option is at fault, and leaves built-in roles alone', async () => {
    const create = ['roles', 'create', '--organization', key.organizationId, '--name', 'X'];
    expect((await fails(...create, '--grants', '{"billing":"read"}')).message).toBe(
      '--grants billing is no resource and no category',
    );
    expect(await fails('roles', 'update', 'admin', '--name', 'X')).toMatchObject({ code: 'CONFLICT' });
    const { stdout } = await gatehouse(app.database, ['roles', 'show', 'read-only']);
    expect(stdout).toContain('content read, analytics read');
  });
});

describe('gatehouse permissions simulate', () => {
  it('tells of a key and of a role what the gate would answer', async () => {
    const request = ['--method', 'post', '--path', '/api/v1/stores/{storeId}/campaigns'];
    const simulate = (...args: string[]) =>
      runJson<Record<string, unknown>>('permissions', 'simulate', ...args);
    expect(await simulate('--key', key.id, ...request, '--ip', '::1')).toMatchObject({
      allowed: true,
      route: { operationId: 'createCampaignInStore' },
    });
    expect(await simulate('--role', 'read-only', ...request)).toMatchObject({
      allowed: false,
      code: 'PERMISSION_DENIED',
      limitedBy: 'role',
      unchecked: ['plan', 'quota'],
    });
    const { code, stdout } = await run('permissions', 'simulate', '--role', 'read-only', ...request);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Refused: 403 PERMISSION_DENIED\.[^]*Missing +It needs a role that gives write/);
    expect((await fails('permissions', 'simulate', '--key', key.id, '--level', 'read')).message).toBe(
      '--resource is required with level',
    );
  });
});

describe('gatehouse keys least-privilege', () => {
  it('tells what a key used', async () => {
    const used = await app.request.get('/api/v1/campaigns').set('Authorization', `Bearer ${key.token}`);
    expect(used.status).toBe(200);
    expect(await runJson('keys', 'least-privilege', key.id)).toMatchObject({
      keyId: key.id,
      suggestion: { advice: 'narrow', role: { name: 'read-only' } },
    });
    expect((await run('keys', 'least-privilege', key.id)).stdout).toContain('content.campaigns read');
  });
});
