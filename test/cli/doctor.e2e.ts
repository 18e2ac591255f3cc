import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anchor, appendRequests, dayAgo, momentOf, oldRow } from '../audit/old-days.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type CommandSettings, documentOf, gatehouse } from './gatehouse.js';

interface Report {
  readonly status: string;
  readonly checks: readonly { name: string; status: string; message: string; remedy?: string }[];
}

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.createKey();
});
afterAll(() => app.close());

/** What doctor found, and its exit code. */
async function examine(
  database: { url: string; ownerUrl: string } = app.database,
  settings?: CommandSettings,
): Promise<Report & { code: number | null; of: (name: string) => Report['checks'][number] | undefined }> {
  const { code, stdout } = await gatehouse(database, ['doctor', '--json'], settings);
  const report = JSON.parse(stdout) as Report;
  return { ...report, code, of: (name) => report.checks.find((check) => check.name === name) };
}

const NAMES = [
  ...['node', 'config', 'database', 'postgres', 'clock', 'migrations'],
  ...[
    'append-only',
    'log-doors',
    'partitions',
    'retention',
    'events',
    'request-log',
    'master-secret',
    'disk',
  ],
];

describe('gatehouse doctor', () => {
  it('finds a sound installation sound, and leaves nothing behind', async () => {
    const batches = () => app.sql('SELECT 1 FROM audit_batches').then((rows) => rows.length);
    const before = await batches();
    const { code, status, checks } = await examine();
    expect({ code, status }).toEqual({ code: 0, status: 'ok' });
    expect(checks.map(({ name }) => name)).toEqual(NAMES);
    expect(await batches()).toBe(before);
    const { stdout } = await gatehouse(app.database, ['doctor']);
    expect(stdout).toMatch(/^ok {4}master-secret {2}all \d+ working secrets/m);
    expect(stdout.trimEnd()).toMatch(/All is well\.$/);
  });

  it('fails where tokens were made under a master secret that is not configured', async () => {
    const other = 'another master secret for tests, as long';
    const lost = await examine(app.database, { environment: { GATEHOUSE_SECRET: other } });
    expect(lost.code).toBe(1);
    expect(lost.of('master-secret')).toMatchObject({
      status: 'fail',
      remedy: expect.stringContaining('GATEHOUSE_SECRET_PREVIOUS'),
    });
    const previous = { GATEHOUSE_SECRET: other, GATEHOUSE_SECRET_PREVIOUS: app.config.secret ?? '' };
    const changing = await examine(app.database, { environment: previous });
    expect({ code: changing.code, status: changing.of('master-secret')?.status }).toEqual({
      code: 0,
      status: 'warn',
    });
  });

  it('warns where events have waited long for their numbers', async () => {
    const [waiting] = await app.sql<{ id: string }>(
      `UPDATE events SET occurred_at = now() - interval '7 minutes'
       WHERE emitted_no = (SELECT min(emitted_no) FROM events WHERE sequence IS NULL) RETURNING id`,
    );
    const { code, of } = await examine();
    await app.sql('UPDATE events SET occurred_at = now() WHERE id = $1', [waiting?.id]);
    expect({ code, found: of('events') }).toMatchObject({
      code: 0,
      found: { status: 'warn', message: 'events have waited for their numbers for 7 minutes' },
    });
  });

  it('warns where the server connects as the owner, who could alter the logs', async () => {
    const { code, status, of } = await examine({
      url: app.database.ownerUrl,
      ownerUrl: app.database.ownerUrl,
    });
    expect({ code, status, found: of('append-only')?.status }).toEqual({
      code: 0,
      status: 'warn',
      found: 'warn',
    });
  });

  it('fails where the server’s role was given rights on a log, or on a partition of it', async () => {
    const [partition] = await app.sql<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'request_log'::regclass LIMIT 1`,
    );
    for (const table of ['change_log', partition?.name ?? '']) {
      await app.sql(`GRANT DELETE ON ${table} TO gatehouse`);
      const { code, of } = await examine();
      await app.sql(`REVOKE DELETE ON ${table} FROM gatehouse`);
      expect(code).toBe(1);
      expect(of('append-only')).toMatchObject({
        status: 'fail',
        message: expect.stringContaining(`${table} delete`),
      });
    }
  });

  it('fails where a function of the owner’s is open, or looks elsewhere, or a trigger sleeps', async () => {
    const spoilt: readonly (readonly [string, string, string])[] = [
      [
        'GRANT EXECUTE ON FUNCTION audit_claim_writer TO PUBLIC',
        'REVOKE EXECUTE ON FUNCTION audit_claim_writer FROM PUBLIC',
        'audit_claim_writer',
      ],
      [
        'ALTER FUNCTION audit_claim_writer RESET search_path',
        'ALTER FUNCTION audit_claim_writer SET search_path = public, pg_temp',
        'search_path',
      ],
      [
        'ALTER TABLE keys DISABLE TRIGGER record_change',
        'ALTER TABLE keys ENABLE ALWAYS TRIGGER record_change',
        'keys',
      ],
    ];
    for (const [spoil, mend, word] of spoilt) {
      await app.sql(spoil);
      const { code, of } = await examine();
      await app.sql(mend);
      expect(code).toBe(1);
      expect(of('log-doors')).toMatchObject({ status: 'fail', message: expect.stringContaining(word) });
    }
    expect((await examine()).of('log-doors')?.status).toBe('ok');
  });

  it('fails without today’s partition, and warns without one of the next days', async () => {
    const day = (ahead: number) =>
      `'request_log_' || to_char((now() AT TIME ZONE 'UTC')::date + ${ahead}, 'YYYYMMDD')`;
    const dropDay = (ahead: number) => app.sql(`DO $$ BEGIN EXECUTE 'DROP TABLE ' || ${day(ahead)}; END $$`);
    await dropDay(5);
    expect((await examine()).of('partitions')?.status).toBe('warn');
    await dropDay(0);
    const { code, of } = await examine();
    await app.sql(`SELECT audit_ensure_partitions((now() AT TIME ZONE 'UTC')::date - 1, 18)`);
    expect({ code, found: of('partitions')?.status }).toEqual({ code: 1, found: 'fail' });
  });

  it('warns where a day is past its retention, and fails where no checkpoint lets it go', async () => {
    await appendRequests(app, [oldRow(momentOf(dayAgo(403)))]);
    expect((await examine()).of('retention')).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(dayAgo(403)),
    });
    await anchor(app);
    expect((await examine()).of('retention')?.status).toBe('warn');
    const purged = await documentOf<{ days: object[] }>(
      gatehouse(app.database, ['audit', 'purge', '--json']),
    );
    expect(purged.days).toMatchObject([{ day: dayAgo(403), result: 'purged', rows: 1 }]);
    expect((await examine()).of('retention')?.status).toBe('ok');
  });

  it('fails where the log cannot be written', async () => {
    await app.sql('ALTER TABLE audit_batches ADD CONSTRAINT no_room CHECK (row_count < 0) NOT VALID');
    const { code, of } = await examine();
    await app.sql('ALTER TABLE audit_batches DROP CONSTRAINT no_room');
    expect(code).toBe(1);
    expect(of('request-log')).toMatchObject({ status: 'fail', message: expect.stringContaining('no_room') });
  });

  it('fails where a migration is missing, and goes no further', async () => {
    const [last] = await app.sql<{ name: string; timestamp: string }>(
      'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING name, timestamp',
    );
    const { code, of } = await examine();
    await app.sql('INSERT INTO migrations (timestamp, name) VALUES ($1, $2)', [last?.timestamp, last?.name]);
    expect(code).toBe(1);
    expect(of('migrations')).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(last?.name ?? 'nothing'),
    });
    expect(of('append-only')).toBeUndefined();
  });

  it('fails with what to do where the database or the settings are no good', async () => {
    const nowhere = 'postgres://gatehouse@127.0.0.1:1/none';
    const unreachable = await examine({ url: nowhere, ownerUrl: nowhere });
    expect(unreachable.code).toBe(1);
    expect(unreachable.of('database')).toMatchObject({
      status: 'fail',
      remedy: expect.stringContaining('DATABASE_URL'),
    });
    const unusable = await examine(app.database, { environment: { TRUST_PROXY: 'true' } });
    expect(unusable.code).toBe(1);
    expect(unusable.of('config')).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('TRUST_PROXY'),
    });
  });
});
