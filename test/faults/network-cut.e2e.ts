import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { followChains } from './chain.js';
import { layWire, type Wire } from './network.js';
import { until } from './until.js';

describe('a server whose way to PostgreSQL is cut', () => {
  let database: TestDatabase;
  let wire: Wire;
  let app: TestApp;
  let key: TestKey;

  beforeAll(async () => {
    database = await createTestDatabase();
    wire = await layWire(database.url);
    app = await startTestApp({ database: { ...database, url: wire.url } });
    key = await app.createKey();
  });
  afterAll(async () => {
    await wire.close();
    await app.close();
    await database.drop();
  });

  it('answers 503 in good time, and recovers by itself when there is a way again', async () => {
    // Who am I: asks the admission and the log, and no handler's connection.
    const me = () => call(app.url, '/api/v1/me', { token: key.token });
    expect((await me()).status).toBe(200);
    wire.cut();
    const begun = performance.now();
    const answers = await Promise.all([me(), me(), call(app.url, '/api/v1/campaigns')]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    // Six seconds of silence, and five in which no new connection is had.
    expect(performance.now() - begun).toBeLessThan(15_000);
    wire.mend();
    await until('it answers again', async () => (await me()).status === 200, 20_000);
    expect((await call(app.url, '/api/v1/campaigns')).status).toBe(401);
    expect((await followChains(database)).faults).toEqual([]);
  });
});
