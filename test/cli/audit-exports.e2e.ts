import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { documentOf, failureOf, gatehouseHere } from './gatehouse.js';

let app: TestApp;
let admin: TestKey;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-export-'));
  app = await startTestApp();
  admin = await app.createKey({ role: 'admin' });
  await call(app.url, '/api/v1/me', { token: admin.token });
  await call(app.url, '/api/v1/nothing', { token: admin.token });
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
});

const at = (name: string) => join(directory, name);
const run = (...args: string[]) => gatehouseHere(app.database, ['audit', ...args]);
const fails = (...args: string[]) => failureOf(run(...args, '--json'));
const ours = () => ['--organization', admin.organizationId];

describe('gatehouse audit export', () => {
  it('writes what fits to a new file, with a manifest that checks it', async () => {
    const file = at('refused.ndjson');
    const written = await documentOf<{ count: number; manifest: string }>(
      run('export', '--out', file, '--filter', 'status=4xx', ...ours(), '--json'),
    );
    expect(written).toMatchObject({ count: 1, manifest: `${file}.manifest.json` });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ status: 404, keyId: admin.id });
    const checked = await run('check-export', file, '--manifest', written.manifest);
    expect([checked.code, checked.stdout]).toEqual([
      0,
      expect.stringMatching(/is the one that was exported: 1 rows/),
    ]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('404', '200'));
    const altered = await run('check-export', file, '--manifest', written.manifest);
    expect([altered.code, altered.stdout]).toEqual([
      1,
      expect.stringMatching(/FAULT: The file is not the one/),
    ]);
    const untrusted = await run(
      'check-export',
      file,
      '--manifest',
      written.manifest,
      '--key',
      'ab'.repeat(32),
    );
    expect(untrusted.stdout).toMatch(/FAULT: Nobody trusts the key/);
  });

  it('takes each log in each format', async () => {
    for (const [log, format] of [
      ['requests', 'csv'],
      ['requests', 'ocsf'],
      ['changes', 'csv'],
      ['changes', 'ndjson'],
    ] as const) {
      const file = at(`${log}.${format}`);
      const { count } = await documentOf<{ count: number }>(
        run('export', '--out', file, '--log', log, '--format', format, ...ours(), '--json'),
      );
      expect([log, format, count > 0]).toEqual([log, format, true]);
      const manifest = ['--manifest', `${file}.manifest.json`];
      expect((await run('check-export', file, ...manifest)).code).toBe(0);
    }
  });

  it('says what it does not take, and overwrites nothing', async () => {
    writeFileSync(at('mine'), 'mine');
    expect((await fails('export', '--out', at('mine'), ...ours())).code).toBe('FILE_UNWRITABLE');
    expect(readFileSync(at('mine'), 'utf8')).toBe('mine');
    expect((await fails('export', '--out', at('a'))).code).toBe('ORGANIZATION_REQUIRED');
    for (const wrong of [
      ['--log', 'x'],
      ['--format', 'pdf'],
      ['--filter', 'x'],
      ['--filter', 'status=9xx'],
    ]) {
      expect([wrong, (await fails('export', '--out', at('b'), ...wrong, ...ours())).code]).toEqual([
        wrong,
        'INVALID_INPUT',
      ]);
    }
    expect((await fails('check-export', at('mine'), '--manifest', at('mine'))).code).toBe('INVALID_INPUT');
    expect((await fails('check-export', at('x'), '--manifest', at('y'))).code).toBe('FILE_UNREADABLE');
  });

  it('lists and deletes those of the API', async () => {
    expect((await run('exports', 'list', ...ours())).stdout).toBe('There are no exports.\n');
    const asked = await call(app.url, '/api/v1/audit/exports', {
      method: 'POST',
      token: admin.token,
      body: { log: 'changes', format: 'csv' },
    });
    const { id } = JSON.parse(asked.text) as { id: string };
    expect((await run('exports', 'list', ...ours())).stdout).toMatch(
      new RegExp(`${id} +changes +csv +queued +0 +key_`),
    );
    expect((await run('exports', 'delete', id)).code).toBe(0);
    expect((await fails('exports', 'delete', id)).code).toBe('NOT_FOUND');
  });
});
