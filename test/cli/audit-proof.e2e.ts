import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changeIdOf } from '../../src/audit/search/change-id.js';
import { AuditLeader, type Proof } from '../../src/audit/index.js';
import { call } from '../support/http-client.js';
import type { TestKey } from '../support/test-app.js';
import { auditedLog, type AuditedLog } from '../audit/audited-log.js';
import { documentOf, failureOf, gatehouseHere, runNode } from './gatehouse.js';

let log: AuditedLog;
let key: TestKey;
let asked: string;
let directory: string;
let checkpoints: string;
beforeAll(async () => {
  log = await auditedLog();
  key = await log.app.createKey({ role: 'admin' });
  asked = await ask();
  await log.grow();
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-proof-'));
  checkpoints = join(directory, 'checkpoints.ndjson');
  writeFileSync(checkpoints, log.published.map((line) => `${JSON.stringify(line)}\n`).join(''));
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await log.close();
});

const run = (...args: string[]) => gatehouseHere(log.database, ['audit', ...args]);
const script = (...args: string[]) => runNode(['tools/verify-audit.mjs', ...args]);
const ask = async () => {
  const answer = await call(log.app.url, '/api/v1/campaigns', {
    token: key.token,
    method: 'POST',
    body: { name: 'Spring', platform: 'email' },
  });
  return answer.headers['x-request-id'] as string;
};

describe('gatehouse audit proof', () => {
  it('writes a proof that the script for auditors checks with the first public key alone', async () => {
    const file = join(directory, 'proof.json');
    const options = ['--key', log.firstKey, '--checkpoints', checkpoints];
    const { code, stdout } = await run('proof', asked, '--out', file, '--verify', ...options);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/The row is in the log as it stands here\.\n$/),
    ]);
    expect(stdout).toContain('among those that were kept elsewhere');
    expect(statSync(file).mode & 0o077).toBe(0);
    const read = await script(file, ...options);
    expect([read.code, read.stdout]).toEqual([0, expect.stringMatching(/Proven\.\n$/)]);
    expect(read.stdout).toContain('"path": "/api/v1/campaigns"');

    const spread = join(directory, 'spread.json');
    writeFileSync(spread, JSON.stringify(JSON.parse(readFileSync(file, 'utf8')), null, 2));
    expect((await script(spread, ...options)).code).toBe(0);
    const altered = join(directory, 'altered.json');
    writeFileSync(altered, readFileSync(file, 'utf8').replace('\\"status\\":201', '\\"status\\":200'));
    const told = await script(altered, ...options);
    expect([told.code, told.stdout]).toEqual([1, expect.stringContaining('NOT PROVEN')]);
  });

  it('proves a change, and prints the very document of the API', async () => {
    const [change] = await log.database.sql<{ id: string }>(
      `SELECT max(id)::text AS id FROM change_log WHERE entity = 'campaign'`,
    );
    const id = changeIdOf(Number(change?.id));
    const proof = await documentOf<Proof>(run('proof', id, '--json'));
    expect(proof).toMatchObject({ type: 'gatehouse/proof/v1', id, log: 'changes', state: 'anchored' });
  });

  it('fails where there is nothing to prove yet, and says so', async () => {
    const fresh = await ask();
    const { code, stdout } = await run('proof', fresh, '--verify');
    expect([code, stdout]).toEqual([1, expect.stringContaining('The row is not proven.')]);
    expect(stdout).toContain('the next checkpoint will cover it');
    expect((await run('proof', fresh)).code).toBe(0);
    await log.app.get(AuditLeader).round();
    expect((await run('proof', fresh, '--verify')).code).toBe(0);
  });

  it('says what it cannot do', async () => {
    expect(await failureOf(run('proof', 'req_1', '--json'))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await failureOf(run('proof', asked, '--row', '7', '--json'))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await failureOf(run('proof', asked, '--row', 'x', '--json'))).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await failureOf(run('proof', asked, '--out', checkpoints, '--json'))).toMatchObject({
      code: 'FILE_UNWRITABLE',
    });
  });
});

describe('gatehouse audit checkpoints, keys and rotate-key', () => {
  it('lists what anchors the logs', async () => {
    const { data } = await documentOf<{ data: { no: number }[] }>(
      run('checkpoints', '--limit', '2', '--json'),
    );
    expect(data).toHaveLength(2);
    expect((await run('checkpoints')).stdout).toContain('/checkpoints');
    expect((await run('keys')).stdout).toContain(log.firstKey);
  });

  it('makes a key, which the server signs with after its next round', async () => {
    const made = await documentOf<{ id: string; endorsedBy: string }>(run('rotate-key', '--json'));
    const { data } = await documentOf<{ data: { id: string }[] }>(run('keys', '--json'));
    expect(data.map(({ id }) => id).slice(0, 2)).toEqual([made.id, made.endorsedBy]);
    await log.grow();
    await ask();
    const [last] = await log.database.sql<{ signing_key: string }>(
      'SELECT signing_key FROM audit_batches WHERE writer > 0 ORDER BY committed_at DESC LIMIT 1',
    );
    expect(last?.signing_key).toBe(made.id);
    await log.app.get(AuditLeader).round();
    expect((await run('verify', '--key', log.firstKey)).code).toBe(0);
    expect((await run('proof', asked, '--verify', '--key', log.firstKey)).code).toBe(0);
  });
});
