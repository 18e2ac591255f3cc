import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ResourceRegistry } from '../../src/roles/index.js';
import { Calls } from '../keys/key-calls.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

interface PolicyView {
  name: string;
  grants: Record<string, string>;
  levels: Record<string, string>;
}

let app: TestApp;
let calls: Calls;
let key: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  key = await app.createKey({ role: 'read-only', permissions: {} });
});
afterAll(() => app.close());

const policies = async () =>
  (await calls.call<{ data: PolicyView[] }>(key, 'get', '/policies').expect(200)).body.data;

describe('the ready policies', () => {
  it('of compliance are there under their names', async () => {
    const names = (await policies()).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'Data Holds Read-only',
        'Data Holds Full Access',
        'Platforms Read-only',
        'Audit Logs Read-only',
        'Signal Events Read-only',
        'User Content Exports Read-only',
        'User Content Exports Full Access',
      ]),
    );
    for (const readable of ['Platforms', 'Audit Logs', 'Signal Events'])
      expect(names).not.toContain(`${readable} Full Access`);
  });

  it('are there for every resource of settings', async () => {
    const names = (await policies()).map(({ name }) => name);
    for (const label of ['Keys', 'Roles', 'Stores', 'Organization'])
      expect(names).toEqual(expect.arrayContaining([`${label} Read-only`, `${label} Full Access`]));
  });

  it('say which related resources they let read', async () => {
    const all = new Map((await policies()).map((policy) => [policy.name, policy]));
    expect(all.get('Data Holds Full Access')).toEqual({
      name: 'Data Holds Full Access',
      grants: { 'compliance.data-holds': 'write' },
      levels: { 'compliance.data-holds': 'write', 'compliance.platforms': 'read' },
    });
    expect(all.get('Platforms Read-only')?.levels).toEqual({ 'compliance.platforms': 'read' });
  });

  it('may be given together where one contains the other, which changes nothing', async () => {
    const admin = await calls.admin();
    const levelsOf = async (name: string, given: string[]) =>
      (
        await calls
          .call<{ levels: Record<string, string> }>(admin, 'post', '/roles')
          .send({ name, policies: given })
          .expect(201)
      ).body.levels;
    const full = ['Campaigns Full Access', 'Data Holds Full Access'];
    const both = [...full, 'Campaigns Read-only', 'Data Holds Read-only'];
    expect(await levelsOf('Both', both)).toEqual(await levelsOf('Full', full));
  });
});

describe('resources that relate', () => {
  it('are listed, and a grant on one lets read the other, and no more', async () => {
    const { body } = await calls.call<{ data: { name: string; relates: string[] }[] }>(
      key,
      'get',
      '/resources',
    );
    const relating = body.data.filter(({ relates }) => relates.length > 0);
    expect(relating.map(({ name, relates }) => [name, relates])).toEqual([
      ['compliance.data-holds', ['compliance.platforms']],
      ['compliance.signal-events', ['compliance.platforms']],
      ['compliance.user-content-exports', ['compliance.platforms']],
      ['settings.webhooks', ['settings.events']],
    ]);
    const registry = app.get(ResourceRegistry);
    for (const { name, relates } of relating) {
      const levels = registry.compile({ [name]: 'admin' });
      for (const related of relates) {
        expect([name, related, levels.get(related)]).toEqual([name, related, 'read']);
        expect(registry.compile({ [related]: 'admin' }).get(name)).toBe('none');
      }
      expect(levels.get('compliance.audit-logs')).toBe('none');
    }
  });
});
