import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { numberAll } from '../events/event-log.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { documentOf, failureOf, gatehouseHere } from './gatehouse.js';

interface Found {
  readonly data: { readonly id: string; readonly type: string; readonly sequence: number }[];
  readonly pagination: { readonly next: number; readonly hasMore: boolean };
}

let app: TestApp;
let key: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  key = await app.createKey();
  await numberAll(app);
});
afterAll(() => app.close());

const run = (...args: string[]) => gatehouseHere(app.database, ['events', ...args]);
const runJson = <T = Found>(...args: string[]) => documentOf<T>(run(...args, '--json'));
const ours = () => ['--organization', key.organizationId];

describe('gatehouse events', () => {
  it('lists an organization’s events, and tells how to go on', async () => {
    const { data, pagination } = await runJson('list', ...ours(), '--limit', '2');
    expect(data.map(({ sequence, type }) => [sequence, type])).toEqual([
      [1, 'organization.created'],
      [2, 'store.created'],
    ]);
    expect((await run('list', ...ours(), '--limit', '2')).stdout).toMatch(
      /NO +AT +TYPE +OF +EVENT\n1 [^]* organization\.created +org_[^]*What comes next: --after 2\n$/,
    );
    const { stdout } = await run('list', ...ours(), '--after', String(pagination.next));
    expect(stdout).toMatch(/3 .*key\.created +key_[^]*That is all up to now\. Later: --after 3\n$/);
    const keys = await runJson('list', ...ours(), '--types', 'key.*', '--store', key.storeId);
    expect(keys.data.map(({ sequence }) => sequence)).toEqual([3]);
  });

  it('follows the pages to the end', async () => {
    await app.sql(
      `INSERT INTO events (id, type, organization_id, subject_id, data)
       SELECT gen_random_uuid(), 'key.deleted', $1, 'none', '{}' FROM generate_series(1, 250)`,
      [fromPublicId('organization', key.organizationId)],
    );
    await numberAll(app);
    const { data, pagination } = await runJson('list', ...ours(), '--all', '--types', 'key.deleted');
    expect([data.length, pagination.hasMore]).toEqual([250, false]);
    expect((await run('list', '--organization', 'none')).stdout).toContain('That is all');
  });

  it('shows an event, and the types there are', async () => {
    const { data } = await runJson('list', ...ours(), '--types', 'key.created');
    const [event] = data;
    expect(await runJson('show', event?.id ?? '')).toMatchObject({ type: 'key.created', subjectId: key.id });
    expect((await run('show', event?.id ?? '')).stdout).toMatch(/type +key\.created[^]*"name": "Test key"/);
    expect((await run('types')).stdout).toMatch(
      /comment\.received +.*Not sent yet\.\n[^]*key\.revoked +A key was ended for good\.\n/,
    );
  });

  it('says what is wrong', async () => {
    expect(await failureOf(run('show', 'evt_nothing', '--json'))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await failureOf(run('list', ...ours(), '--after', '9999', '--json'))).toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
