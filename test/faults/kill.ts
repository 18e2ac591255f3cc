/**
 * The long run of the log's promise: no client ever sees an answer whose row is missing, while the server and
 * PostgreSQL are killed with -9, over and over. A control with the promise broken must find rows missing.
 * `--seconds N` is the length of the run; the control takes half of it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { call, json } from '../support/http-client.js';
import { startServer, type ServerProcess } from '../support/processes.js';
import { type FaultDatabase, startFaultDatabase } from './fault-database.js';
import { mixedRequests, startLoad } from './load.js';
import { type Finding, Witness } from './witness.js';

const CONNECTIONS = 32;
/** What is killed, one after the other. */
const TURNS = ['server', 'database', 'server', 'both'] as const;

interface Run extends Finding {
  readonly serverKills: number;
  readonly databaseKills: number;
  readonly statuses: string;
  /** What the servers said of answers of 500, which no fault of the database may cause. */
  readonly defects: readonly string[];
}

async function run(seconds: number, entry: string): Promise<Run> {
  const database = await startFaultDatabase();
  let server: ServerProcess | undefined;
  const defects: string[] = [];
  const keepDefects = (ended: ServerProcess) =>
    defects.push(
      ...ended
        .output()
        .split('\n')
        .filter((line) => line.includes('by a defect of ours')),
    );
  try {
    server = await startServer(database, { entry, environment: { GATEHOUSE_DEMO: 'true' } });
    const token = /Live key\s+(\S+)/.exec(server.output())?.[1] ?? '';
    await database.sql('UPDATE organizations SET hour_limit = 2147483647');
    const me = json<{ store: { id: string } }>(await call(server.url, '/api/v1/me', { token }));
    const port = Number(new URL(server.url).port);

    const witness = new Witness();
    const load = startLoad(server.url, mixedRequests(token, me.store.id), CONNECTIONS, witness);
    const until = Date.now() + seconds * 1000;
    let serverKills = 0;
    let databaseKills = 0;
    for (let turn = 0; Date.now() < until; turn++) {
      await pause(200 + Math.random() * 1_300);
      assertAlive(server);
      const what = TURNS[turn % TURNS.length];
      if (what === 'server') {
        await server.kill();
        keepDefects(server);
        server = await startServer(database, { entry, port });
        serverKills += 1;
      } else if (what === 'database') {
        await crashDatabase(database);
        databaseKills += 1;
      } else {
        await Promise.all([server.kill(), database.crash()]);
        keepDefects(server);
        await database.restart();
        server = await startServer(database, { entry, port });
        serverKills += 1;
        databaseKills += 1;
      }
    }
    await pause(500);
    assertAlive(server);
    await load.stop();
    await server.kill();
    keepDefects(server);
    const statuses = [...witness.statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${status}: ${count}`);
    return {
      ...(await witness.examine(database)),
      serverKills,
      databaseKills,
      statuses: statuses.join(', '),
      defects,
    };
  } finally {
    await server?.kill();
    await database.drop();
  }
}

/** Now and then PostgreSQL stays away for a while. */
async function crashDatabase(database: FaultDatabase): Promise<void> {
  await database.crash();
  if (Math.random() < 0.3) await pause(1_000 + Math.random() * 1_500);
  await database.restart();
}

function assertAlive(server: ServerProcess): void {
  try {
    process.kill(server.pid, 0);
  } catch {
    throw new Error(`The server ended by itself:\n${server.output().slice(-4_000)}`);
  }
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error('--seconds takes a number above 0');

const real = await run(seconds, 'src/main.js');
const control = await run(Math.max(8, seconds / 2), 'test/faults/answers-first.js');
for (const [name, { serverKills, databaseKills, statuses }] of Object.entries({ faults: real, control })) {
  console.log(
    `${name}: server killed ${serverKills} times, PostgreSQL ${databaseKills} times; answers ${statuses}`,
  );
}
const verdict = `faults: ${real.answers} answers seen, ${real.missing.length} rows missing; control: ${control.missing.length} missing`;
console.log(verdict);
if (real.doubled.length > 0) console.error(`rows doubled: ${real.doubled.join(' ')}`);
if (real.missing.length > 0) console.error(`rows missing: ${real.missing.join(' ')}`);
if (control.missing.length === 0) console.error('The control found nothing missing: the run proves nothing.');
for (const line of real.defects.slice(0, 5)) console.error(`answered 500: ${line.slice(0, 2_000)}`);
const faults = real.missing.length + real.doubled.length + real.defects.length;
process.exitCode = real.answers > 0 && faults === 0 && control.missing.length > 0 ? 0 : 1;
