import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { call, json } from '../support/http-client.js';
import { startServer } from '../support/processes.js';
import { mixedRequests, startLoad } from './load.js';
import { until } from './until.js';
import { Witness } from './witness.js';

describe('a server that is told to stop under load', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('ends by itself, with the row of every answer', async () => {
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
});
