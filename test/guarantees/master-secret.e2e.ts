import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { documentOf, gatehouse } from '../cli/gatehouse.js';
import { until } from '../faults/until.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { storeAsFirstVersion } from '../support/first-version.js';
import { call, codeOf, json } from '../support/http-client.js';
import { killAll, type ServerProcess, startServer, TEST_SECRET } from '../support/processes.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { organizationUuid } from './house.js';

jest.setTimeout(240_000);

const OLD = TEST_SECRET;
const NEW = 'another master secret for tests, as long';
/** The settings of each phase of the change, in the order that the guide tells. */
const PHASES = [
  { GATEHOUSE_SECRET: OLD },
  { GATEHOUSE_SECRET: OLD, GATEHOUSE_SECRET_PREVIOUS: NEW },
  { GATEHOUSE_SECRET: NEW, GATEHOUSE_SECRET_PREVIOUS: OLD },
  { GATEHOUSE_SECRET: NEW },
] as const;
const PROCESSES = 2;
const CLIENTS = 4;

interface Report {
  readonly left: number;
  readonly renewed?: Record<string, number>;
  readonly holders: readonly {
    name: string;
    previous: number;
    waiting: number;
    left: { id: string; renewable: boolean; lastUsedAt: string | null }[];
  }[];
}

const ofKeys = ({ holders }: Report) => holders.find(({ name }) => name === 'key secrets');

/** Requests without end, with every token on every process that serves. */
class Load {
  readonly refusals: string[] = [];
  count = 0;
  private readonly underway = new Map<ServerProcess, number>();
  private running = true;
  private readonly clients: Promise<void>[];

  constructor(
    readonly servers: ServerProcess[],
    private readonly tokens: readonly string[],
  ) {
    this.clients = Array.from({ length: CLIENTS }, (_, index) => this.run(index));
  }

  /** Takes a process out, and waits for the requests that it has. */
  async remove(server: ServerProcess): Promise<void> {
    this.servers.splice(this.servers.indexOf(server), 1);
    await until('the process has no requests', () => (this.underway.get(server) ?? 0) === 0);
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.clients);
  }

  private async run(index: number): Promise<void> {
    for (let n = index; this.running; n++) {
      const server = this.servers[n % this.servers.length];
      const token = this.tokens[Math.floor(n / 2) % this.tokens.length];
      if (!server || token === undefined) throw new Error('There is nothing to ask, or nobody.');
      this.underway.set(server, (this.underway.get(server) ?? 0) + 1);
      const answer = await call(server.url, '/api/v1/me', { token });
      this.underway.set(server, (this.underway.get(server) ?? 1) - 1);
      this.count += 1;
      if (answer.status !== 200) this.refusals.push(`${answer.status} ${codeOf(answer)}`);
    }
  }
}

describe('a change of the master secret over processes that are replaced one by one', () => {
  let database: TestDatabase;
  let app: TestApp;
  let admin: TestKey;
  /** Of the first version: used all the time, and not used until late. */
  let early: TestKey;
  let sleeper: TestKey;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startTestApp({ database });
    admin = await app.createKey({ role: 'admin' });
    early = await app.createKey({ storeId: admin.storeId });
    sleeper = await app.createKey({ storeId: admin.storeId });
    for (const key of [early, sleeper]) await storeAsFirstVersion(database, key, OLD);
    await app.sql('UPDATE organizations SET active_keys_per_store = 1000 WHERE id = $1', [
      organizationUuid(admin.organizationId),
    ]);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const start = (environment: (typeof PHASES)[number]) => startServer(database, { environment });
  const secrets = (command: 'rehash' | 'report') =>
    documentOf<Report>(gatehouse(database, ['secrets', command, '--json'], { environment: PHASES[2] }));
  const created = async (at: ServerProcess): Promise<string> => {
    const answer = await call(at.url, `/api/v1/stores/${admin.storeId}/keys`, {
      method: 'POST',
      token: admin.token,
      body: { name: 'Made meanwhile', roleId: 'read-only' },
    });
    expect(answer.status).toBe(201);
    return json<{ token: string }>(answer).token;
  };
  const statusesOf = (servers: readonly ServerProcess[], token: string) =>
    Promise.all(servers.map(async ({ url }) => (await call(url, '/api/v1/me', { token })).status));

  it('refuses no token at any moment, and leaves none behind', async () => {
    const servers: ServerProcess[] = [];
    for (let i = 0; i < PROCESSES; i++) servers.push(await start(PHASES[0]));
    const tokens = [admin.token, early.token, await created(servers[0] as ServerProcess)];
    const load = new Load(servers, tokens);

    /** Replaces each process, and makes a key on the new one while older ones serve beside it. */
    const roll = async (environment: (typeof PHASES)[number]): Promise<void> => {
      for (const old of [...servers]) {
        const fresh = await start(environment);
        servers.push(fresh);
        tokens.push(await created(fresh));
        for (const token of tokens) expect(new Set(await statusesOf(servers, token))).toEqual(new Set([200]));
        await load.remove(old);
        expect(await old.stop()).toBe(0);
      }
    };
    try {
      await roll(PHASES[1]);
      await roll(PHASES[2]);
      await until('what is used has its sealed hash', async () => {
        const rows = await app.sql('SELECT 1 FROM key_secrets WHERE sealed_hash IS NULL');
        return rows.length === 1;
      });

      const first = await secrets('rehash');
      expect(first.renewed?.['key secrets']).toBeGreaterThan(4);
      expect(first.left).toBe(1);
      expect(ofKeys(first)).toMatchObject({
        previous: 1,
        waiting: 1,
        left: [{ id: sleeper.id, renewable: false, lastUsedAt: null }],
      });
      expect(await statusesOf(servers, sleeper.token)).toEqual([200, 200]);
      tokens.push(sleeper.token);
      await until('the last one has its sealed hash', async () => {
        const rows = await app.sql('SELECT 1 FROM key_secrets WHERE sealed_hash IS NULL');
        return rows.length === 0;
      });
      expect(await secrets('rehash')).toMatchObject({ left: 0, renewed: { 'key secrets': 1 } });
      expect(ofKeys(await secrets('report'))).toMatchObject({ previous: 0, left: [] });
      const metrics = await call(servers[0]?.url ?? '', '/metrics');
      expect(metrics.text).toMatch(/^gatehouse_previous_secret_hits_total [1-9]/m);

      await roll(PHASES[3]);
      for (const token of tokens) expect(await statusesOf(servers, token)).toEqual([200, 200]);
      await load.stop();
      expect(load.refusals).toEqual([]);
      expect(load.count).toBeGreaterThan(200);
    } finally {
      await load.stop();
      await killAll(servers);
    }
  });
});
