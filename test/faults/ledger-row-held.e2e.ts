import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { organizationUuid } from '../guarantees/house.js';
import { call, codeOf } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { until } from './until.js';

describe('a quota row that somebody holds', () => {
  let app: TestApp;
  let held: TestKey;
  /** Enough to share every lane with the one that is held. */
  let others: TestKey[];
  let holder: pg.Client;

  beforeAll(async () => {
    app = await startTestApp();
    held = await app.createKey();
    others = [];
    for (let i = 0; i < 8; i++) others.push(await app.createKey());
  });
  afterAll(async () => {
    await app.close();
  });

  const list = (key: TestKey) => call(app.url, '/api/v1/campaigns?limit=1', { token: key.token });
  const hold = async (key: TestKey) => {
    holder = new pg.Client(app.database.ownerUrl);
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM quota_ledger WHERE subject = $1 FOR UPDATE', [
      organizationUuid(key.organizationId),
    ]);
  };
  const letGo = () => holder.end();
  /** Whether somebody waits for the held row. */
  const isWaitedFor = async () => {
    const [row] = await app.sql<{ waiting: boolean }>(
      `SELECT count(*) > 0 AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'gatehouse admission' AND wait_event_type = 'Lock'`,
    );
    return row?.waiting ?? false;
  };

  it('holds up its own subject alone, which goes on as soon as it is free', async () => {
    await hold(held);
    const waiting = [list(held), list(held)];
    await until('the row is waited for', isWaitedFor);
    let settled = false;
    void Promise.all(waiting).then(() => (settled = true));
    // Twice, so that those which shared a batch with it and those which did not are both asked.
    for (let round = 0; round < 2; round++) {
      const answers = await Promise.all(others.map(list));
      expect(answers.map(({ status }) => status)).toEqual(others.map(() => 200));
    }
    expect(settled).toBe(false);
    await letGo();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await list(held)).status).toBe(200);
  });

  it('is given up in the end, without charge, and the others never notice', async () => {
    const used = async () => {
      const rows = await app.sql<{ hour_used: number }>(
        'SELECT hour_used FROM quota_ledger WHERE subject = $1',
        [organizationUuid(held.organizationId)],
      );
      return rows[0]?.hour_used;
    };
    const before = await used();
    await hold(held);
    let settled = false;
    const refused = list(held).finally(() => (settled = true));
    let rounds = 0;
    while (!settled) {
      const answers = await Promise.all(others.map(list));
      rounds += 1;
      expect(answers.map(({ status }) => status)).toEqual(others.map(() => 200));
    }
    const answer = await refused;
    expect([answer.status, codeOf(answer)]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    // One batch may have waited beside it for a while; those after it went by.
    expect(rounds).toBeGreaterThan(5);
    await letGo();
    expect(await used()).toBe(before);
    expect((await list(held)).status).toBe(200);
  });
});
