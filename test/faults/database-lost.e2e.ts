import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { call, codeOf, type ErrorAnswer, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { followChains } from './chain.js';
import { type FaultDatabase, startFaultDatabase } from './fault-database.js';
import { canMount, describeFullDisk } from './full-disk.js';
import { mixedRequests, startLoad } from './load.js';
import { until } from './until.js';
import { Witness } from './witness.js';

describe('a server whose PostgreSQL', () => {
  let database: FaultDatabase;
  let app: TestApp;
  let key: TestKey;

  beforeAll(async () => {
    database = await startFaultDatabase();
    app = await startTestApp({ database });
    key = await app.createKey();
    await database.sql('UPDATE organizations SET hour_limit = 2147483647');
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  afterEach(async () => {
    expect((await followChains(database)).faults).toEqual([]);
  });

  const list = () => call(app.url, '/api/v1/campaigns', { token: key.token });
  const ready = async () => (await call(app.url, '/readyz')).status;

  it('is killed and comes back answers 503 meanwhile, and recovers by itself', async () => {
    expect([(await list()).status, await ready()]).toEqual([200, 200]);
    await database.crash();

    const away = await list();
    expect([away.status, codeOf(away)]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(Number(away.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(json<ErrorAnswer>(away).error.requestId).toBe(away.headers['x-request-id']);
    expect(await ready()).toBe(503);
    expect((await call(app.url, '/healthz')).status).toBe(200);

    await database.restart();
    await until('it is ready again', async () => (await ready()) === 200);
    const back = await list();
    expect(back.status).toBe(200);
    const rows = await database.sql('SELECT 1 FROM request_log WHERE request_id = $1', [
      uuidOf(back.headers),
    ]);
    expect(rows).toHaveLength(1);
  });

  it('loses every session under load loses no row and doubles none', async () => {
    const witness = new Witness();
    const load = startLoad(app.url, mixedRequests(key.token, key.storeId), 16, witness);
    for (let round = 0; round < 5; round++) {
      const before = count(witness);
      await until('it answers', () => count(witness) > before + 150);
      await database.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid <> pg_backend_pid() AND application_name LIKE 'gatehouse%'`,
      );
    }
    const before = count(witness);
    await until('it answers', () => count(witness) > before + 150);
    await load.stop();
    const finding = await witness.examine(database);
    expect(finding.missing).toEqual([]);
    expect(finding.doubled).toEqual([]);
    expect(finding.answers).toBeGreaterThan(600);
    expect([...witness.statuses.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([]);
  });

  it('is killed under load loses no row', async () => {
    const witness = new Witness();
    const load = startLoad(app.url, mixedRequests(key.token, key.storeId), 16, witness);
    await until('it answers', () => count(witness) > 200);
    await database.crash();
    await database.restart();
    await until('it is ready again', async () => (await ready()) === 200);
    const before = count(witness);
    await until('it answers', () => count(witness) > before + 100);
    await load.stop();
    const finding = await witness.examine(database);
    expect(finding.missing).toEqual([]);
    expect(finding.doubled).toEqual([]);
    expect(finding.answers).toBeGreaterThan(250);
    expect([...witness.statuses.keys()].filter((status) => status >= 500 && status !== 503)).toEqual([]);
  });

  const count = (witness: Witness) => [...witness.statuses.values()].reduce((sum, each) => sum + each, 0);
});

if (canMount()) describeFullDisk();

function uuidOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  return fromPublicId('request', headers['x-request-id']);
}
