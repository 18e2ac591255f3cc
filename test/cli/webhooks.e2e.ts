import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { documentOf, failureOf, gatehouseHere } from './gatehouse.js';

let app: TestApp;
let owner: TestKey;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.createKey();
});
afterAll(() => app.close());

const run = (...args: string[]) => gatehouseHere(app.database, ['webhooks', ...args]);
const fails = (...args: string[]) => failureOf(run(...args, '--json'));
const ours = () => ['--organization', owner.organizationId];

describe('gatehouse webhooks', () => {
  it('makes, shows, changes, rotates and deletes endpoints', async () => {
    const url = 'https://hooks.example.com/a';
    const { stdout } = await run('create', '--url', url, '--event', 'key.*', 'campaign.*', ...ours());
    const id = /Id +(whe_\w+)/.exec(stdout)?.[1] ?? '';
    expect(stdout).toMatch(/Events +key\.\* campaign\.\*[^]*shown now and never again:\n\n {2}whsec_\S+\n/);
    expect((await run('list', ...ours())).stdout).toMatch(new RegExp(`${id} +enabled +${url} +key`));
    const changed = await run('update', id, '--no-enabled', '--ordered', '--store', owner.storeId);
    expect(changed.stdout).toMatch(/Stores +sto_[^]*strict[^]*disabled \(by_hand\)/);
    expect((await run('update', id, '--enabled', '--all-stores')).stdout).toMatch(
      /Stores +all[^]*State +enabled/,
    );
    expect((await run('rotate', id)).stdout).toMatch(/whsec_[^]*The old secret signs too until/);
    expect(await documentOf(run('show', id, '--json'))).toMatchObject({ id, ordered: true, enabled: true });
    expect((await fails('delete', id)).code).toBe('CONFIRMATION_REQUIRED');
    expect((await run('delete', id, '--yes')).stdout).toBe(`The endpoint ${id} is gone.\n`);
    expect((await fails('show', id)).code).toBe('NOT_FOUND');
    expect((await run('list', ...ours())).stdout).toBe('There are no webhook endpoints.\n');
  });

  it('tries one, lists what was sent, and sends it once more', async () => {
    const { id } = await documentOf<{ id: string }>(
      run('create', '--url', 'https://hooks.example.com/b', '--event', '*', ...ours(), '--json'),
    );
    const tried = await documentOf<{ id: string }>(run('test', id, '--json'));
    expect((await run('deliveries', id)).stdout).toMatch(
      new RegExp(`${tried.id} +pending +0 +webhook.test +0[^]*1 delivery\\.`),
    );
    expect((await run('delivery', id, tried.id)).stdout).toMatch(/status +pending/);
    const again = await documentOf<{ replayOf: string }>(run('replay', id, '--delivery', tried.id, '--json'));
    expect(again.replayOf).toBe(tried.id);
    expect((await run('replay', id, '--from', '2026-01-01')).stdout).toBe('0 are sent once more.\n');
    expect((await run('deliveries', id, '--status', 'failed')).stdout).toBe('No delivery fits.\n');
  });

  it('says what it misses', async () => {
    expect((await fails('create', '--event', '*', ...ours())).code).toBe('INVALID_INPUT');
    expect((await fails('create', '--url', 'http://x.example', '--event', '*', ...ours())).code).toBe(
      'INVALID_INPUT',
    );
    expect((await fails('show', 'whe_x')).code).toBe('NOT_FOUND');
    const { id } = await documentOf<{ id: string }>(
      run('create', '--url', 'https://hooks.example.com/c', '--event', '*', ...ours(), '--json'),
    );
    expect((await fails('delivery', id, 'whd_x')).code).toBe('NOT_FOUND');
    expect((await fails('replay', id)).code).toBe('INVALID_INPUT');
    expect((await fails('deliveries', id, '--status', 'lost')).code).toBe('INVALID_INPUT');
  });
});
