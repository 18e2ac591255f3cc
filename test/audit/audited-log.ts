import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuditLeader } from '../../src/audit/index.js';
import { SigningKeys } from '../../src/audit/evidence/signing-keys.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { sealAll } from './seal-all.js';

/** A checkpoint as it was published. */
export interface Published {
  readonly canonical: string;
  readonly signature: string;
  readonly hash: string;
}

/** A log with something of everything: writers, changes, refusals, a key rotation, checkpoints that were published. */
export interface AuditedLog {
  readonly database: TestDatabase;
  readonly app: TestApp;
  readonly published: Published[];
  /** The first public key, in hex. */
  readonly firstKey: string;
  /** Some more requests and changes, sealed and anchored. */
  grow(): Promise<void>;
  close(): Promise<void>;
}

export async function auditedLog(): Promise<AuditedLog> {
  const published: Published[] = [];
  const webhook = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      published.push(JSON.parse(body) as Published);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  const { port } = webhook.address() as AddressInfo;

  const database = await createTestDatabase();
  const environment = { AUDIT_CHECKPOINT_URL: `http://127.0.0.1:${port}/checkpoints` };
  const app = await startTestApp({ database, environment });
  const second = await startTestApp({ database, environment });
  const key = await app.createKey({ role: 'admin' });
  let named = 0;

  async function grow(): Promise<void> {
    const authorization = { Authorization: `Bearer ${key.token}` };
    for (const { request } of [app, second]) {
      named += 1;
      await Promise.all([
        request.get('/api/v1/me').set(authorization),
        request
          .get(`/api/v1/campaigns?limit=5&search=${encodeURIComponent(`"quoted" ü ,"record":{ ${named}`)}`)
          .set(authorization)
          .set('X-Request-Id', randomUUID()),
        request.get('/api/v1/campaigns/nothing').set(authorization),
        request.get('/api/v1/me').set('User-Agent', 'nobody/1 (X11; Linux)'),
        request
          .post('/api/v1/campaigns')
          .set(authorization)
          .send({ name: `Spring "${named}" ,"record":{"a":1}`, platform: 'email' }),
        request.post('/api/v1/campaigns').set(authorization).send('{'),
      ]);
    }
    await sealAll(app);
    await app.get(AuditLeader).publish();
  }

  for (let times = 0; times < 3; times += 1) await grow();
  await app.get(SigningKeys).rotate();
  await second.get(SigningKeys).refresh();
  for (let times = 0; times < 2; times += 1) await grow();
  const [first] = await database.sql<{ key: string }>(
    `SELECT encode(public_key, 'hex') AS key FROM audit_signing_keys ORDER BY created_at, generation LIMIT 1`,
  );
  return {
    database,
    app,
    published,
    firstKey: first?.key ?? '',
    grow,
    close: async () => {
      await second.close();
      await app.close();
      await database.drop();
      webhook.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
