import { fromPublicId } from '../../src/platform/ids/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { call, json } from '../support/http-client.js';
import { killAll, type ServerProcess, startServers } from '../support/processes.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** Several real processes over one database, and an application of the test's own that makes its keys. */
export interface House {
  readonly servers: readonly ServerProcess[];
  /** The operator's headers, for each of them. */
  readonly operator: readonly Readonly<Record<string, string>>[];
  readonly database: TestDatabase;
  readonly app: TestApp;
  close(): Promise<void>;
}

/** Starts them; the processes may be given further environment variables. */
export async function openHouse(count: number, environment: Record<string, string> = {}): Promise<House> {
  const database = await createTestDatabase();
  const app = await startTestApp({ database });
  const servers = await startServers(count, database, { environment });
  const operator = await Promise.all(servers.map(({ url }) => signIn(url, app.admin)));
  return {
    servers,
    operator,
    database,
    app,
    close: async () => {
      await killAll(servers);
      await app.close();
      await database.drop();
    },
  };
}

/** Signs in at one process, whose cookie carries its port. */
async function signIn(url: string, credentials: TestApp['admin']): Promise<Record<string, string>> {
  const answer = await call(url, '/api/v1/session', { method: 'POST', body: credentials });
  return {
    Cookie: answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '',
    'X-CSRF-Token': json<{ csrfToken: string }>(answer).csrfToken,
  };
}

/** The UUID inside an organization's public id. */
export function organizationUuid(publicId: string): string {
  const uuid = fromPublicId('organization', publicId);
  if (uuid === undefined) throw new Error(`${publicId} is no organization's id.`);
  return uuid;
}
