import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './index.js';
import { makeCheckout } from './testing/compiled.js';
import { run, type Program } from './testing/process.js';
import { query } from './testing/query.js';
import { exists, makeScratch } from './testing/scratch.js';
import { until } from './testing/until.js';

const scratch = makeScratch();
const checkout = makeCheckout(path.join(scratch, 'checkout'), 'linked');
const dataDir = path.join(scratch, 'postgres');
const programs: Program[] = [];
const databases: EmbeddedPostgres[] = [];

function launch(dir = dataDir): Program {
  const program = run(checkout, { dataDir: dir, stageDir: path.join(scratch, 'pgbin') });
  programs.push(program);
  return program;
}

/** A start in this process, with the milliseconds it took. */
async function restart(dir = dataDir): Promise<{ database: EmbeddedPostgres; millis: number }> {
  const before = Date.now();
  const database = await startEmbeddedPostgres({ dataDir: dir, stageDir: path.join(scratch, 'pgbin') });
  databases.push(database);
  return { database, millis: Date.now() - before };
}

async function kill(program: Program): Promise<void> {
  program.child.kill('SIGKILL');
  await program.exited;
}

const gone = (pid: number) =>
  until(
    () => !exists(pid),
    () => `the end of process ${pid}`,
  );

afterEach(async () => {
  await Promise.all(programs.splice(0).map(kill));
  await Promise.all(databases.splice(0).map((database) => database.stop()));
});
afterAll(() => fs.rmSync(scratch, { recursive: true }));

describe('when its application is killed', () => {
  it('PostgreSQL stops by itself', async () => {
    const program = launch();
    const { pid, logFile } = await program.on('ready');
    await kill(program);
    await gone(pid);
    await until(
      () => fs.readFileSync(logFile, 'utf8').includes('database system is shut down'),
      () => 'an orderly shutdown',
    );
  });

  it('the next start does not wait for that, and has the data', async () => {
    const program = launch();
    const ready = await program.on('ready');
    await query(ready, 'CREATE TABLE survivors AS SELECT generate_series(1, 1000) AS n');
    await kill(program);
    const { database, millis } = await restart();
    expect(await query(database, 'SELECT count(*)::int FROM survivors')).toEqual([{ count: 1000 }]);
    expect(database.pid).not.toBe(ready.pid);
    expect(millis).toBeLessThan(3_000); // 100 ms on a machine with nothing else to do
  });

  it('and PostgreSQL with it, what was committed is recovered, though a session is still busy', async () => {
    const program = launch();
    const ready = await program.on('ready');
    await query(ready, 'CREATE TABLE committed AS SELECT generate_series(1, 1000) AS n');
    const busy = query(
      ready,
      `DO $$ BEGIN LOOP EXIT WHEN clock_timestamp() > now() + interval '1 second'; END LOOP; END $$`,
    ).catch(() => 'cut off');
    const sessions = `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'`;
    await until(
      async () => (await query(ready, sessions)).length > 0,
      () => 'the busy session',
    );
    process.kill(ready.pid, 'SIGKILL');
    await kill(program);
    const { database } = await restart();
    expect(await query(database, 'SELECT count(*)::int FROM committed')).toEqual([{ count: 1000 }]);
    expect(fs.readFileSync(database.logFile, 'utf8')).toMatch(
      /pre-existing shared memory block(.*\n)*.*automatic recovery in progress/,
    );
    await busy;
  });

  it('while the database is being made, the next start makes it whole', async () => {
    const dir = path.join(scratch, 'killed', 'postgres');
    const draft = (file: string) => () => {
      const names = fs.existsSync(path.dirname(dir)) ? fs.readdirSync(path.dirname(dir)) : [];
      return names.some((name) => fs.existsSync(path.join(path.dirname(dir), name, file)));
    };
    for (const file of ['password', 'data/postgresql.conf', 'data/global/pg_control']) {
      const program = launch(dir);
      await until(draft(file), () => file);
      await kill(program);
      expect(fs.existsSync(path.join(dir, 'PG_VERSION'))).toBe(false);
    }
    const { database } = await restart(dir);
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('of several processes', () => {
  it('that start on a new data directory at once, one wins and the others name it', async () => {
    const dir = path.join(scratch, 'contested', 'postgres');
    const contenders = [launch(dir), launch(dir), launch(dir)];
    await until(
      () => contenders.every(({ events }) => events.length > 0),
      () => 'every contender',
    );
    const [winner, ...others] = contenders.filter(({ events }) => events[0]?.event === 'ready');
    expect(others).toEqual([]);
    const refusals = contenders.filter((program) => program !== winner).map(({ events }) => events[0]);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ event: 'failed', name: 'EmbeddedPostgresError' });
      expect(refusal?.message).toContain(`in use by process ${winner?.pid}`);
    }
  });

  it('that inherit the claim of a killed one at once, one wins', async () => {
    const first = launch();
    await first.on('ready');
    await kill(first);
    const heirs = [launch(), launch(), launch()];
    await until(
      () => heirs.every(({ events }) => events.length > 0),
      () => 'every heir',
    );
    expect(heirs.map(({ events }) => events[0]?.event).sort()).toEqual(['failed', 'failed', 'ready']);
  });
});

describe('on SIGTERM', () => {
  it('the application closes first, then the database stops, then the process ends', async () => {
    const program = launch();
    const { pid } = await program.on('ready');
    process.kill(-program.pid, 'SIGTERM'); // the whole process group, as a terminal and some supervisors do
    expect(await program.exited).toBe(0);
    expect(exists(pid)).toBe(false);
    const order = program.events.map(({ event }) => event);
    expect(order.slice(0, 2)).toEqual(['ready', 'closed']);
    expect(order).toContain('stopped');
    expect(fs.existsSync(`${dataDir}.owner`)).toBe(false);
  });
});
