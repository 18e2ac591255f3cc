import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { VerifyReport } from '../../src/audit/index.js';
import { auditedLog, type AuditedLog } from '../audit/audited-log.js';
import { documentOf, failureOf, gatehouse, gatehouseHere, runNode } from './gatehouse.js';

let log: AuditedLog;
let directory: string;
let bundle: string;
let checkpoints: string;
beforeAll(async () => {
  log = await auditedLog();
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-verify-'));
  bundle = join(directory, 'log.ndjson');
  checkpoints = join(directory, 'checkpoints.ndjson');
  writeFileSync(checkpoints, log.published.map((line) => `${JSON.stringify(line)}\n`).join(''));
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await log.close();
});

const run = (...args: string[]) => gatehouseHere(log.database, ['audit', ...args]);
const script = (...args: string[]) => runNode(['tools/verify-audit.mjs', ...args]);

describe('gatehouse audit verify', () => {
  it('verifies the logs where they are', async () => {
    const report = await documentOf<VerifyReport>(run('verify', '--json'));
    expect(report).toMatchObject({ intact: true, findingCount: 0, notAnchored: 0 });
    const { code, stdout } = await run('verify', '--key', log.firstKey, '--checkpoints', checkpoints);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/The logs are intact\.\n$/)]);
    expect(stdout).not.toContain('trusted as it stands');
  });

  it('verifies a part of the logs, and says what it left out', async () => {
    const [middle] = await log.database.sql<{ at: string }>(
      'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY sealed_at)::text AS at FROM audit_batches',
    );
    const from = new Date(Number(middle?.at)).toISOString();
    const whole = await documentOf<VerifyReport>(run('verify', '--json'));
    const part = await documentOf<VerifyReport>(run('verify', '--from', from, '--json'));
    expect(part).toMatchObject({ intact: true, batches: whole.batches, rows: whole.rows - part.notRead });
    expect(part.rows).toBeGreaterThan(0);
    expect(part.notRead).toBeGreaterThan(0);
    expect((await run('verify', '--to', from)).stdout).toMatch(/Outside the range +\d+ rows/);
  });

  it('verifies a bundle with nothing else, as the script does', async () => {
    const written = await documentOf<{ lines: number }>(run('bundle', '--out', bundle, '--json'));
    expect(readFileSync(bundle, 'utf8').split('\n')).toHaveLength(written.lines + 1);
    expect(statSync(bundle).mode & 0o077).toBe(0);
    const options = ['--key', log.firstKey, '--checkpoints', checkpoints];
    const offline = await gatehouseHere({ url: 'postgres://nobody@127.0.0.1:1/none', ownerUrl: '' }, [
      ...['audit', 'verify', '--bundle', bundle, '--json'],
      ...options,
    ]);
    expect([offline.code, JSON.parse(offline.stdout)]).toEqual([
      0,
      expect.objectContaining({ intact: true }),
    ]);
    // As a process of its own it hashes on all processors.
    const compiled = await gatehouse(log.database, [
      'audit',
      'verify',
      '--bundle',
      bundle,
      '--json',
      ...options,
    ]);
    expect([compiled.code, JSON.parse(compiled.stdout)]).toEqual([0, JSON.parse(offline.stdout)]);
    const read = await script(bundle, ...options);
    expect([read.code, read.stdout]).toEqual([0, expect.stringMatching(/Intact\.\n$/)]);
  });

  it('names what was altered, and fails', async () => {
    const text = readFileSync(bundle, 'utf8');
    const altered = join(directory, 'altered.ndjson');
    writeFileSync(altered, text.replace('"status":401', '"status":200'));
    const told = await run('verify', '--bundle', altered, '--key', log.firstKey);
    expect(told.code).toBe(1);
    expect(told.stdout).toMatch(/ALTERED requests \(writer \d+, batch \d+, row \d+, req_\w+\): /);
    const compiled = await gatehouse(log.database, [
      ...['audit', 'verify', '--bundle', altered, '--key', log.firstKey],
    ]);
    expect(compiled).toMatchObject({ code: 1, stdout: told.stdout });
    const read = await script(altered, '--key', log.firstKey);
    expect([read.code, read.stdout]).toEqual([1, expect.stringContaining('ALTERED requests {')]);
  });

  it('names what was cut off', async () => {
    const lines = readFileSync(bundle, 'utf8').split('\n');
    const cut = join(directory, 'cut.ndjson');
    writeFileSync(cut, lines.slice(0, -3).join('\n'));
    const { code, stdout } = await run('verify', '--bundle', cut, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([
      1,
      expect.objectContaining({
        intact: false,
        findings: expect.arrayContaining([
          expect.objectContaining({ kind: 'missing', log: 'requests' }),
        ]) as unknown,
      }),
    ]);
    expect((await script(cut)).code).toBe(1);
  });

  it('says what it cannot read or write', async () => {
    expect(await failureOf(run('verify', '--bundle', join(directory, 'nothing'), '--json'))).toMatchObject({
      code: 'FILE_UNREADABLE',
    });
    expect(await failureOf(run('verify', '--key', 'x', '--json'))).toMatchObject({ code: 'INVALID_INPUT' });
    for (const wrong of [
      ['--from', 'x'],
      ['--to', '2026-01-01', '--from', '2026-02-01'],
    ]) {
      expect(await failureOf(run('verify', ...wrong, '--json'))).toMatchObject({ code: 'INVALID_INPUT' });
    }
    expect(
      await failureOf(run('verify', '--bundle', bundle, '--from', '2026-01-01', '--json')),
    ).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await failureOf(run('verify', '--findings', 'x', '--json'))).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await failureOf(run('bundle', '--out', bundle, '--json'))).toMatchObject({
      code: 'FILE_UNWRITABLE',
    });
    expect((await script()).code).toBe(2);
    expect(await script(bundle, '--checkpoints', join(directory, 'nothing'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^ENOENT: .*nothing'\n$/) as unknown,
    });
  });
});
