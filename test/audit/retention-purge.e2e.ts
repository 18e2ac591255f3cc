import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Purger } from '../../src/audit/index.js';
import { Jobs } from '../../src/platform/jobs/index.js';
import { LOGGER, type Logger } from '../../src/platform/logging/index.js';
import { releaseGateClock, setGateClock } from '../support/gate-clock.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { faultsOf } from './log-proof.js';
import { anchor, appendRequests, dayAgo, momentOf, oldRow, sealChanges } from './old-days.js';

const DAY_MS = 86_400_000;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const purge = (options = {}) => app.get(Purger).purge(options);
const partition = async (day: string): Promise<boolean> => {
  const [row] = await app.sql<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    `request_log_${day.replaceAll('-', '')}`,
  ]);
  return row?.there ?? false;
};

describe('a day that is past the retention', () => {
  it('waits until a checkpoint covers it, is dropped then, and leaves a signed record and its headers', async () => {
    const day = dayAgo(401);
    const batch = await appendRequests(app, [oldRow(momentOf(day)), oldRow(momentOf(day))]);
    expect(await purge()).toMatchObject([{ log: 'requests', day, result: 'waiting', rows: 2 }]);
    expect(await partition(day)).toBe(true);

    await anchor(app);
    expect(await purge({ dryRun: true })).toMatchObject([{ day, result: 'purged', rows: 2, purgeNo: null }]);
    expect(await partition(day)).toBe(true);
    expect(await purge()).toMatchObject([{ log: 'requests', day, result: 'purged', rows: 2, purgeNo: 1 }]);
    expect(await partition(day)).toBe(false);
    expect(await app.sql('SELECT policy, rows::integer AS rows FROM audit_purges')).toEqual([
      { policy: 'AUDIT_RETENTION_DAYS=400', rows: 2 },
    ]);
    expect(
      await app.sql('SELECT row_count FROM audit_batches WHERE writer = 900 AND batch_no = $1', [batch]),
    ).toEqual([{ row_count: 2 }]);
    expect(await app.sql('SELECT FROM audit_kept_leaves')).toEqual([]);
    expect(await faultsOf(app)).toEqual([]);
    expect(await purge()).toEqual([]);
  });

  it('is the first that is older: younger ones stay', async () => {
    const day = dayAgo(400);
    await appendRequests(app, [oldRow(momentOf(day))]);
    await anchor(app);
    expect(await purge()).toEqual([]);
    expect(await partition(day)).toBe(true);
  });

  it('keeps the leaves of a batch that goes on after midnight, until the rest goes too', async () => {
    const [first, second] = [dayAgo(401), dayAgo(400)];
    await appendRequests(app, [
      oldRow(momentOf(first)),
      oldRow(momentOf(second, 0) - 1),
      oldRow(momentOf(second, 0)),
    ]);
    await anchor(app);
    const leaves = () => app.sql('SELECT FROM audit_kept_leaves').then((rows) => rows.length);
    expect(await purge()).toMatchObject([{ day: first, rows: 2, result: 'purged' }]);
    expect([await leaves(), await faultsOf(app)]).toEqual([2, []]);
    await setGateClock(app, (Date.now() + DAY_MS) / 1000);
    expect(await purge()).toMatchObject([{ day: second, result: 'purged' }]);
    await releaseGateClock(app);
    expect([await leaves(), await faultsOf(app)]).toEqual([0, []]);
  });

  it('is tried again where somebody reads the log, and lets every writer by meanwhile', async () => {
    const day = dayAgo(410);
    await appendRequests(app, [oldRow(momentOf(day))]);
    await anchor(app);
    const reader = new pg.Client(app.database.url);
    await reader.connect();
    await reader.query('BEGIN');
    await reader.query('SELECT count(*) FROM request_log');
    const purging = purge();
    const key = await app.createKey();
    const times: number[] = [];
    for (let i = 0; i < 8; i++) {
      const from = performance.now();
      await app.request.get('/api/v1/me').set('Authorization', `Bearer ${key.token}`).expect(200);
      times.push(performance.now() - from);
    }
    await reader.query('COMMIT');
    await reader.end();
    expect(await purging).toMatchObject([{ day, result: 'purged' }]);
    expect(Math.max(...times)).toBeLessThan(2_000);
  });
});

describe('two processes that purge at once', () => {
  it('take turns: every day is dropped once, with one record', async () => {
    const days = [dayAgo(420), dayAgo(419), dayAgo(418)];
    await appendRequests(
      app,
      days.map((day) => oldRow(momentOf(day))),
    );
    await anchor(app);
    const other = await startTestApp({ database: app.database });
    try {
      const purged = await Promise.all([purge(), other.get(Purger).purge()]);
      expect(
        purged
          .flat()
          .map(({ day }) => day)
          .sort(),
      ).toEqual(days);
    } finally {
      await other.close();
    }
    expect(await faultsOf(app)).toEqual([]);
  });
});

describe('the retention', () => {
  it('is one setting for the log and for the figures made from it, by their daily jobs', async () => {
    const other = await startTestApp({
      database: app.database,
      environment: { AUDIT_RETENTION_DAYS: '40' },
    });
    try {
      const [old, young] = [dayAgo(41), dayAgo(40)];
      await appendRequests(app, [oldRow(momentOf(old)), oldRow(momentOf(young))]);
      await anchor(app);
      await app.sql(
        `INSERT INTO key_usage (key_id, hour, writer, organization_id, store_id, requests, charged)
         SELECT $1, unnest($2::timestamptz[]), 900, $1, $1, 1, 1`,
        [randomUUID(), [new Date(momentOf(old)), new Date(momentOf(young))]],
      );
      for (const task of other.get(Jobs).tasks) {
        if (!['audit.purge', 'audit.sweep-key-usage'].includes(task.name)) continue;
        expect(task.cron).toMatch(/^\d+ \d+ \* \* \*$/);
        const signal = new AbortController().signal;
        await task.run({}, { logger: other.get<Logger>(LOGGER), signal, attempt: 1, tick: new Date() });
      }
      expect([await partition(old), await partition(young)]).toEqual([false, true]);
      expect(await app.sql(`SELECT hour FROM key_usage WHERE writer = 900`)).toEqual([
        { hour: new Date(momentOf(young)) },
      ]);
      expect(await app.sql('SELECT policy FROM audit_purges ORDER BY no DESC LIMIT 1')).toEqual([
        { policy: 'AUDIT_RETENTION_DAYS=40' },
      ]);
    } finally {
      await other.close();
    }
  });
});

describe('changes that are past the retention', () => {
  it('go by the day, once all of it is sealed and anchored, each purge with its record', async () => {
    const day = dayAgo(500);
    await app.createKey();
    await app.sql(`UPDATE change_log SET at = $1::date + interval '5 hours' WHERE entity = 'key'`, [day]);
    const [before] = await app.sql<{ rows: number }>(
      `SELECT count(*)::integer AS rows FROM change_log WHERE entity = 'key'`,
    );
    expect(await purge()).toMatchObject([{ log: 'changes', day, result: 'waiting' }]);
    await sealChanges(app);
    expect(await purge()).toMatchObject([{ log: 'changes', day, result: 'waiting' }]);
    await anchor(app);
    expect(await purge()).toMatchObject([{ log: 'changes', day, result: 'purged', rows: before?.rows }]);
    expect(await app.sql(`SELECT FROM change_log WHERE entity = 'key'`)).toEqual([]);
    expect((await app.sql('SELECT FROM change_log')).length).toBeGreaterThan(0);
    expect(await faultsOf(app)).toEqual([]);
    expect(await purge()).toEqual([]);
  });
});

describe('the role that the server connects with', () => {
  let server: pg.Client;
  beforeAll(async () => {
    server = new pg.Client(app.database.url);
    await server.connect();
  });
  afterAll(() => server.end());

  const call = (day: string, values: { no?: number; rows?: number; hash?: Buffer }) =>
    server
      .query(`SELECT audit_purge('requests', $1, '[]', $2, 'mine', $3, $4, $5, 1, 'key', '', $6)`, [
        ...[day, values.no ?? 1, values.rows ?? 1, Buffer.alloc(32), Buffer.alloc(32)],
        values.hash ?? Buffer.alloc(32),
      ])
      .then(
        () => 'done',
        (error: pg.DatabaseError) => error.code,
      );

  it('cannot purge a day that is younger than 30 days, whatever it says', async () => {
    const day = dayAgo(30);
    await appendRequests(app, [oldRow(momentOf(day))]);
    await anchor(app);
    expect(await call(day, {})).toBe('GH004');
    expect(await partition(day)).toBe(true);
  });

  it('cannot purge without a record that follows the last one and says what is dropped', async () => {
    const day = dayAgo(31);
    await appendRequests(app, [oldRow(momentOf(day))]);
    await anchor(app);
    expect(await call(day, {})).toBe('GH003');
    const [last] = await app.sql<{ no: number }>('SELECT max(no)::integer AS no FROM audit_purges');
    expect(await call(day, { no: (last?.no ?? 0) + 1 })).toBe('GH003');
    await app.sql('TRUNCATE audit_purges');
    expect(await call(day, {})).toBe('GH004');
    expect(await partition(day)).toBe(true);
  });

  it('cannot drop, alter or copy by hand', async () => {
    const day = dayAgo(31).replaceAll('-', '');
    for (const statement of [
      `SELECT audit_drop_partition('request_log_${day}')`,
      `DROP TABLE request_log_${day}`,
      'DELETE FROM audit_purges',
      'DELETE FROM held_requests',
      'INSERT INTO audit_kept_leaves VALUES (1, 1, 1, NULL)',
    ]) {
      const code = await server.query(statement).then(
        () => 'done',
        (error: pg.DatabaseError) => error.code,
      );
      expect([statement, code]).toEqual([statement, '42501']);
    }
  });
});
