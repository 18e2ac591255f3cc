import { setTimeout as pause } from 'node:timers/promises';
import { startServer, type ServerProcess } from '../support/processes.js';
import { type ChainFinding, followChains } from './chain.js';
import { everyAnswer } from './every-answer.js';
import { type FaultDatabase, startFaultDatabase } from './fault-database.js';
import { startLoad } from './load.js';
import { type Finding, Witness } from './witness.js';

const CONNECTIONS = 32;
type Turn = 'server' | 'database' | 'both';
const TURNS: readonly Turn[] = ['server', 'database', 'server', 'both'];
const ADMIN = { email: 'admin@gatehouse.example', password: 'a password for tests' };

export interface KillOptions {
  readonly seconds: number;
  /** The program that is started, within the build. */
  readonly entry: string;
  /** PostgreSQL's, over its own. */
  readonly settings?: Record<string, string>;
  /** What is killed, one after the other. */
  readonly turns?: readonly Turn[];
  /** Nothing is asked for that changes business data. */
  readonly readsOnly?: boolean;
}

/** What came of a run. */
export interface KillRun extends Finding {
  readonly serverKills: number;
  readonly databaseKills: number;
  /** How often each status was seen. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly streams: number;
  readonly chain: ChainFinding;
  /** What the servers said of answers of 500, which no fault of the database may cause. */
  readonly defects: readonly string[];
}

/** Puts load on a server while it and its PostgreSQL are killed in turn; then asks the log for all that was seen. */
export async function killRun(options: KillOptions): Promise<KillRun> {
  const { seconds, entry, settings, turns = TURNS, readsOnly = false } = options;
  const database = await startFaultDatabase(settings);
  const defects: string[] = [];
  const environment = {
    GATEHOUSE_DEMO: 'true',
    GATEHOUSE_ADMIN_EMAIL: ADMIN.email,
    // sealing is killed at its work, too
    AUDIT_CHECKPOINT_SECONDS: '1',
  };
  let server: ServerProcess | undefined;
  try {
    server = await startServer(database, { entry, environment });
    const token = /Live key\s+(\S+)/.exec(server.output())?.[1] ?? '';
    await database.sql('UPDATE organizations SET hour_limit = 2147483647');
    const every = await everyAnswer(server.url, token, ADMIN);
    const requests = readsOnly ? every.filter(({ method }) => method === undefined) : every;
    const port = Number(new URL(server.url).port);

    const witness = new Witness();
    const load = startLoad(server.url, requests, CONNECTIONS, witness);
    const until = Date.now() + seconds * 1000;
    const kills = { server: 0, database: 0 };
    for (let turn = 0; Date.now() < until; turn++) {
      await pause(200 + Math.random() * 1_300);
      assertAlive(server);
      const what = turns[turn % turns.length];
      if (what === 'database') await crashDatabase(database);
      else {
        // Both at once, so that neither can finish what the other has begun.
        await Promise.all([server.kill(), what === 'both' ? database.crash() : undefined]);
        defects.push(...defectsOf(server));
        if (what === 'both') await database.restart();
        server = await startServer(database, { entry, environment, port });
      }
      kills.server += what === 'database' ? 0 : 1;
      kills.database += what === 'server' ? 0 : 1;
    }
    await pause(500);
    assertAlive(server);
    await load.stop();
    await server.kill();
    defects.push(...defectsOf(server));
    return {
      ...(await witness.examine(database)),
      serverKills: kills.server,
      databaseKills: kills.database,
      statuses: witness.statuses,
      streams: witness.streams,
      chain: await followChains(database),
      defects,
    };
  } finally {
    await server?.kill();
    await database.drop();
  }
}

function defectsOf(server: ServerProcess): string[] {
  return server
    .output()
    .split('\n')
    .filter((line) => line.includes('by a defect of ours'));
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
