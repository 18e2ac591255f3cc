import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { call, codeOf, type ErrorAnswer, json } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { followChains } from './chain.js';
import { mixedRequests, startLoad } from './load.js';
import { layWire, type Wire } from './network.js';
import { until } from './until.js';
import { Witness } from './witness.js';

const LANE = 'request-log';

describe('a commit of the log whose answer is lost', () => {
  let database: TestDatabase;
  let wire: Wire;
  let app: TestApp;
  let key: TestKey;

  beforeAll(async () => {
    database = await createTestDatabase();
    wire = await layWire(database.url);
    app = await startTestApp({ database: { ...database, url: wire.url } });
    key = await app.createKey();
    await database.sql('UPDATE organizations SET hour_limit = 2147483647');
    // the lane has its connection
    expect((await create('first')).status).toBe(201);
  });
  afterAll(async () => {
    await wire.close();
    await app.close();
    await database.drop();
  });
  afterEach(async () => {
    expect(await followChains(database)).toMatchObject({ faults: [] });
  });

  const rowsBy = (agent: string) =>
    database.sql<{ outcome: string; answered: number }>(
      'SELECT outcome, answered FROM request_log WHERE user_agent = $1 ORDER BY completes NULLS FIRST',
      [`${agent}/1`],
    );
  const create = (agent: string) =>
    call(app.url, '/api/v1/campaigns', {
      method: 'POST',
      token: key.token,
      body: { name: agent, platform: 'email' },
      headers: { 'User-Agent': `${agent}/1` },
    });

  it('is found to have been made: the answer leaves, and its row is there once', async () => {
    wire.swallowAnswersTo(LANE);
    const answer = create('swallowed');
    await until('its row is committed', async () => (await rowsBy('swallowed')).length === 1);
    wire.hangUp();
    expect((await answer).status).toBe(201);
    expect(await rowsBy('swallowed')).toEqual([{ outcome: 'answered', answered: 201 }]);
  });

  it('beyond the deadline is answered 503 that says what is not known; what was answered is told later', async () => {
    wire.swallowAnswersTo(LANE);
    const answer = await create('too-late');
    expect([answer.status, codeOf(answer)]).toEqual([503, 'AUDIT_UNAVAILABLE']);
    expect(json<ErrorAnswer>(answer).error.details).toMatchObject({ applied: 'unknown' });
    wire.hangUp();
    await until('the correction is there', async () => (await rowsBy('too-late')).length === 2);
    expect(await rowsBy('too-late')).toEqual([
      { outcome: 'answered', answered: 201 },
      { outcome: 'late', answered: 503 },
    ]);
    await until('it answers again', async () => (await create('again')).status === 201);
  });

  it('over and over, in two processes that want each other’s slot, forks no chain and leaves no gap', async () => {
    const second = await startTestApp({ database });
    const witness = new Witness();
    const loads = [app.url, second.url].map((url) =>
      startLoad(url, mixedRequests(key.token, key.storeId), 8, witness),
    );
    const seen = () => [...witness.statuses.values()].reduce((sum, each) => sum + each, 0);
    for (let round = 0; round < 8; round++) {
      const before = seen();
      await until('it answers', () => seen() > before + 80);
      if (round % 2 === 0) {
        wire.swallowAnswersTo(LANE);
        await until('a commit is under way', () => seen() > before + 100, 500).catch(() => undefined);
        wire.hangUp();
      }
      await database.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name LIKE '%request-log%'`,
      );
    }
    const before = seen();
    await until('it answers', () => seen() > before + 80);
    for (const load of loads) await load.stop();
    await second.close();
    const finding = await witness.examine(database);
    expect(finding).toMatchObject({ missing: [], doubled: [] });
    expect(finding.answers).toBeGreaterThan(600);
    const slots = await database.sql<{ writer: number }>(
      'SELECT DISTINCT writer FROM audit_batches WHERE writer > 0',
    );
    expect(slots.length).toBeGreaterThan(1);
  });
});
