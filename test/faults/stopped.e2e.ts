import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, json } from '../support/http-client.js';
import { startServer } from '../support/processes.js';
import { type FaultDatabase, startFaultDatabase } from './fault-database.js';
import { mixedRequests, startLoad } from './load.js';
import { until } from './until.js';
import { Witness } from './witness.js';

describe('a server that is told to stop', () => {
  let database: FaultDatabase;

  beforeAll(async () => {
    database = await startFaultDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('under load ends by itself, with the row of every answer', async () => {
    const server = await startServer(database, { environment: { GATEHOUSE_DEMO: 'true' } });
    const token = /Live key\s+(\S+)/.exec(server.output())?.[1] ?? '';
    const me = json<{ store: { id: string } }>(await call(server.url, '/api/v1/me', { token }));
    const witness = new Witness();
    const load = startLoad(server.url, mixedRequests(token, me.store.id), 24, witness);
    await until('it answers', () => (witness.statuses.get(201) ?? 0) > 20);
    const begun = performance.now();
    const code = await server.stop();
    const took = performance.now() - begun;
    await load.stop();
    expect(code).toBe(0);
    // Connections in use must not keep it for as long as their clients like.
    expect(took).toBeLessThan(5_000);
    const finding = await witness.examine(database);
    expect(finding).toMatchObject({ missing: [], doubled: [] });
    expect(finding.answers).toBeGreaterThan(100);
  });

  it('while PostgreSQL is away ends by itself too', async () => {
    const server = await startServer(database);
    const waiting = call(server.url, '/api/v1/campaigns');
    expect((await waiting).status).toBe(401);
    await database.crash();
    const refused = call(server.url, '/api/v1/campaigns');
    // Its row cannot be written: the request has arrived, and waits.
    await until('its row has been refused', async () =>
      /^gatehouse_log_failures_total [1-9]/m.test((await call(server.url, '/metrics')).text),
    );
    // It is answered before the process goes.
    const [code, answer] = await Promise.all([server.stop(), refused]);
    expect([code, answer.status]).toEqual([0, 503]);
  });
});
