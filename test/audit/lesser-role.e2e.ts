import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { READ_ONLY_TABLES } from '../../src/platform/database/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NO_RIGHT = '42501';

let app: TestApp;
let server: pg.Client;
beforeAll(async () => {
  app = await startTestApp();
  const key = await app.createKey();
  await app.request.get('/api/v1/me').set('Authorization', `Bearer ${key.token}`).expect(200);
  server = new pg.Client(app.database.url);
  await server.connect();
});
afterAll(async () => {
  await server.end();
  await app.close();
});

/** What PostgreSQL says to a statement; `done` where it does it. */
async function answerTo(client: pg.Client, statement: string): Promise<string | undefined> {
  return client.query(statement).then(
    () => 'done',
    (error: pg.DatabaseError) => error.code,
  );
}

/** One column of each table, to write to. */
async function columns(): Promise<Map<string, string>> {
  const rows = await app.sql<{ name: string; column: string }>(
    `SELECT attrelid::regclass::text AS name, min(quote_ident(attname::text)) AS column FROM pg_attribute
     WHERE attnum > 0 AND NOT attisdropped AND (attrelid::regclass::text = ANY ($1)
       OR attrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'request_log'::regclass))
     GROUP BY 1`,
    [READ_ONLY_TABLES],
  );
  return new Map(rows.map(({ name, column }) => [name, column]));
}

describe('the role that the server connects with', () => {
  it('cannot insert into a log, alter, delete, empty or drop it, nor a partition of it', async () => {
    const tables = await columns();
    expect(tables.size).toBeGreaterThan(READ_ONLY_TABLES.length);
    for (const [table, column] of tables) {
      const statements = [
        `INSERT INTO ${table} DEFAULT VALUES`,
        `UPDATE ${table} SET ${column} = ${column}`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `DROP TABLE ${table}`,
        `ALTER TABLE ${table} ADD COLUMN more integer`,
        `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
        `CREATE TRIGGER own BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION bump_version()`,
        `CREATE RULE own AS ON INSERT TO ${table} DO INSTEAD NOTHING`,
      ];
      for (const statement of statements) {
        expect([statement, await answerTo(server, statement)]).toEqual([statement, NO_RIGHT]);
      }
    }
  });

  it('cannot silence the change log, nor change what writes the logs', async () => {
    const statements = [
      'ALTER TABLE keys DISABLE TRIGGER record_change',
      'DROP TRIGGER record_change ON keys',
      'TRUNCATE keys CASCADE',
      `SET session_replication_role = 'replica'`,
      'ALTER FUNCTION audit_claim_writer OWNER TO CURRENT_USER',
      'ALTER FUNCTION audit_claim_writer SET search_path = pg_temp',
      'DROP FUNCTION record_change CASCADE',
      'CREATE FUNCTION own() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$',
      'CREATE TABLE own (id integer)',
      'ALTER TABLE request_log DETACH PARTITION request_log_today',
    ];
    for (const statement of statements) {
      expect([statement, await answerTo(server, statement)]).toEqual([statement, NO_RIGHT]);
    }
  });

  it('reads them, and appends through the owner’s functions', async () => {
    expect(await answerTo(server, 'SELECT count(*) FROM request_log')).toBe('done');
    expect(await answerTo(server, 'SELECT * FROM audit_claim_writer()')).toBe('done');
  });
});

describe('another role of the same server', () => {
  it('can call none of the functions that run as the owner', async () => {
    const name = `stranger_${randomBytes(5).toString('hex')}`;
    const functions = await app.sql<{ call: string }>(
      `SELECT format('SELECT public.%I(%s)', proname,
         (SELECT string_agg(format('NULL::%s', format_type(t, NULL)), ', ') FROM unnest(proargtypes) AS t)) AS call
       FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND prorettype <> 'trigger'::regtype`,
    );
    expect(functions.length).toBeGreaterThan(5);
    await app.sql(`CREATE ROLE ${name} LOGIN PASSWORD 'stranger'`);
    const url = new URL(app.database.url);
    Object.assign(url, { username: name, password: 'stranger' });
    const stranger = new pg.Client(url.href);
    try {
      await stranger.connect();
      await app.sql(`GRANT USAGE ON SCHEMA public TO ${name}`);
      for (const { call } of functions) {
        expect([call, await answerTo(stranger, call)]).toEqual([call, NO_RIGHT]);
      }
    } finally {
      await stranger.end();
      await app.sql(`REVOKE USAGE ON SCHEMA public FROM ${name}`);
      await app.sql(`DROP ROLE ${name}`);
    }
  });
});
