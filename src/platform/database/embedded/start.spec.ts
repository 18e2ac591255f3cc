import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {
  EmbeddedPostgresError,
  lastLogLines,
  runningEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './index.js';
import { query } from './testing/query.js';
import { exists, makeScratch } from './testing/scratch.js';

const scratch = makeScratch();
const stageDir = path.join(scratch, 'pgbin');
const dataDir = path.join(scratch, 'postgres');
const started: EmbeddedPostgres[] = [];

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const initdbArgs = ['--no-sync'];
  const database = await startEmbeddedPostgres({ dataDir, stageDir, initdbArgs, ...options });
  started.push(database);
  return database;
}

async function failure(options: Partial<EmbeddedPostgresOptions>): Promise<string> {
  const error: unknown = await start(options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(EmbeddedPostgresError);
  return (error as EmbeddedPostgresError).message;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((database) => database.stop()));
});
afterAll(() => fs.rmSync(scratch, { recursive: true }));

describe('an embedded PostgreSQL', () => {
  it('is there on the first start, and its data on the second', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(exists(first.pid)).toBe(false);
    const second = await start();
    expect(await query(second, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(second.password).toBe(first.password);
  });

  it('listens on its unix socket alone, which wants the password', async () => {
    const database = await start({ settings: { listen_addresses: '*', port: '54329' } });
    expect(await query(database, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    expect(database).toMatchObject({ host: dataDir, port: 54329 });
    expect(fs.statSync(dataDir).mode & 0o777).toBe(0o700);
    await expect(query({ ...database, password: 'wrong' }, 'SELECT 1')).rejects.toThrow(/password/);
    const refused = new Promise((resolve) => net.connect(54329, '127.0.0.1').once('error', resolve));
    expect(await refused).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('has UTF-8 and the C.UTF-8 locale of its own, further arguments notwithstanding', async () => {
    const rows = await query(
      await start(),
      `SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale
         FROM pg_database WHERE datname = 'template1'`,
    );
    expect(rows).toEqual([{ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' }]);
  });

  it('takes settings', async () => {
    const database = await start({ settings: { max_connections: '23', fsync: 'off' } });
    expect(await query(database, 'SHOW max_connections')).toEqual([{ max_connections: '23' }]);
  });

  it('keeps the application environment to itself', async () => {
    process.env.GATEHOUSE_CANARY = 'secret';
    const database = await start();
    delete process.env.GATEHOUSE_CANARY;
    // Only where the system shows a process's environment as a file.
    const file = `/proc/${database.pid}/environ`;
    expect(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '').not.toContain('secret');
  });

  it('is found by a command while it runs, and not after', async () => {
    expect(runningEmbeddedPostgres(dataDir)).toBeUndefined();
    const database = await start();
    const { host, port, user, password } = database;
    expect(runningEmbeddedPostgres(dataDir)).toEqual({ host, port, user, password });
    await database.stop();
    expect(runningEmbeddedPostgres(dataDir)).toBeUndefined();
  });

  it('can be stopped twice at once', async () => {
    const database = await start();
    await Promise.all([database.stop(), database.stop()]);
    expect(await database.exited).toBe(0);
  });

  it('sets its password anew when the file was lost', async () => {
    fs.rmSync(`${dataDir}.password`);
    const database = await start();
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(fs.statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
  });

  it('tells of its death, with its last words', async () => {
    const database = await start();
    process.kill(database.pid, 'SIGQUIT');
    expect(await database.exited).not.toBeNull();
    expect(lastLogLines(database.logFile)).toContain('received immediate shutdown request');
  });

  it('runs under a long path with spaces, commas and quotes, with nothing left in the temporary files', async () => {
    const odd = path.join(scratch, 'a "very" long, very\u00e9 odd path '.repeat(5), 'postgres');
    const database = await start({ dataDir: odd });
    expect(await query(database, 'SHOW data_directory')).toEqual([{ data_directory: odd }]);
    expect(database.host).not.toBe(odd);
    await database.stop();
    expect(fs.existsSync(database.host)).toBe(false);
  });
});

describe('an embedded PostgreSQL refuses', () => {
  it('a data directory that is in use, naming the process, and leaves that process alone', async () => {
    const first = await start();
    expect(await failure({})).toBe(
      `The database in ${dataDir} is in use by process ${process.pid}. Stop that process, or use another data directory.`,
    );
    expect(await query(first, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('data of another major version', async () => {
    const file = path.join(dataDir, 'PG_VERSION');
    fs.writeFileSync(file, '17\n');
    expect(await failure({})).toMatch(/was made by PostgreSQL 17; the embedded one is 18 and cannot open it/);
    fs.writeFileSync(file, '18\n');
  });

  it('a directory with other files in it', async () => {
    const other = path.join(scratch, 'other', 'postgres');
    fs.mkdirSync(other, { recursive: true });
    fs.writeFileSync(path.join(other, 'thesis.txt'), 'mine');
    expect(await failure({ dataDir: other })).toMatch(/has files in it that are not a PostgreSQL database/);
    expect(fs.readdirSync(other)).toEqual(['thesis.txt']);
  });

  it('settings that PostgreSQL refuses, with its words, and starts without them', async () => {
    expect(await failure({ settings: { max_connections: 'many' } })).toMatch(
      /^PostgreSQL did not start on .*\n(.*\n)*.*max_connections/,
    );
    await start();
  });

  it('arguments that initdb refuses, and leaves nothing half-made', async () => {
    const fresh = path.join(scratch, 'fresh', 'postgres');
    expect(await failure({ dataDir: fresh, initdbArgs: ['--no-such-thing'] })).toMatch(
      /initdb failed.*\n.*no-such-thing/,
    );
    expect(fs.readdirSync(path.dirname(fresh)).sort()).toEqual(['postgres.log', 'postgres.password']);
  });

  it('a place where it cannot make files, in words', async () => {
    expect(await failure({ dataDir: path.join('/proc', 'gatehouse', 'postgres') })).toMatch(
      /cannot be started on/,
    );
  });
});
