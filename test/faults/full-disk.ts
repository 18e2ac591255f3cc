import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, codeOf } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { followChains } from './chain.js';
import { type FaultDatabase, startFaultDatabase } from './fault-database.js';
import { mixedRequests, startLoad } from './load.js';
import { until } from './until.js';
import { Witness } from './witness.js';

const SIZE = '220m';
const BLOCK = Buffer.alloc(65_536);

/** What a server does whose PostgreSQL has no room left: to be registered where `canMount`. */
export function describeFullDisk(): void {
  describe('a server whose PostgreSQL has no room left', () => {
    const disk = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
    let database: FaultDatabase;
    let app: TestApp;
    let key: TestKey;

    beforeAll(async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'gatehouse-test', disk]);
      database = await startFaultDatabase({ max_wal_size: '32MB', min_wal_size: '32MB' }, disk);
      app = await startTestApp({ database });
      key = await app.createKey();
      await database.sql('UPDATE organizations SET hour_limit = 2147483647');
    });
    afterAll(async () => {
      await app.close();
      await database.drop().catch(() => undefined);
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true, force: true });
    });

    it('answers 503, and by itself again when there is some; no row is lost and none is doubled', async () => {
      const witness = new Witness();
      const load = startLoad(app.url, mixedRequests(key.token, key.storeId), 16, witness);
      const count = (status: number) => witness.statuses.get(status) ?? 0;
      await until('it answers', () => count(200) > 50);
      const filler = join(disk, 'filler');
      const codes = new Set<string | null>();
      await until(
        'there is no room for the log',
        async () => {
          fill(filler);
          codes.add(codeOf(await call(app.url, '/api/v1/me', { token: key.token })));
          return codes.has('AUDIT_UNAVAILABLE') || codes.has('DATABASE_UNAVAILABLE');
        },
        60_000,
      );
      const answered = count(200);
      rmSync(filler);
      await until('it answers again', () => count(200) > answered + 50, 30_000);
      await load.stop();
      const finding = await witness.examine(database);
      expect(finding).toMatchObject({ missing: [], doubled: [] });
      expect((await followChains(database)).faults).toEqual([]);
      expect([...witness.statuses.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([]);
    }, 120_000);
  });
}

/** Writes until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (;;) writeSync(file, BLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A disk that can be filled is mounted, which root alone may do, and not in every container. */
export function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'gatehouse-test', directory], { stdio: 'ignore' });
    execFileSync('umount', [directory]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
