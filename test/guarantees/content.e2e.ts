import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { until } from '../faults/until.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { killAll, type ServerProcess, startServer, startServers } from '../support/processes.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Receiver, startReceiver } from '../webhooks/receiver.js';

const PROCESSES = 3;
const CAMPAIGNS = 60;
const POSTS = 300;
/** As many posts as one process sends at a time; beyond twice that, all three are sending. */
const SENT_AT_ONCE = 50;
const ROWS = 10_000;
/** The posts' network is on this machine. */
const environment = { WEBHOOK_ALLOW_PRIVATE: 'true' };
/** What a process leaves behind that was killed is taken up within two minutes. */
const PATIENCE_MS = 180_000;

let database: TestDatabase;
let app: TestApp;
let api: StoreCalls;
let servers: ServerProcess[];
beforeAll(async () => {
  database = await createTestDatabase();
  // It answers, and does no jobs: that is the processes' work.
  app = await startTestApp({ database, environment });
  api = await StoreCalls.inNewStore(app);
  servers = await startServers(PROCESSES, database, { environment });
});
afterAll(async () => {
  await killAll(servers);
  await app.close();
  await database.drop();
});

/** Kills one process and puts another in its place, so many times. */
async function killing(times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    await servers.shift()?.kill();
    servers.push(await startServer(database, { environment }));
  }
}

describe('processes that are killed', () => {
  it('start and complete each campaign once, when its time comes', async () => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const campaigns: Body[] = [];
    for (let no = 0; no < CAMPAIGNS; no += 1) {
      const dates = { startDate: at(1_000 + no * 100), endDate: at(3_000 + no * 100) };
      campaigns.push(
        await api.post('/campaigns', { name: `No ${no}`, platform: 'email', status: 'SCHEDULED', ...dates }),
      );
    }
    const killed = killing(2);
    await until(
      'all are completed',
      async () => (await api.get('/campaigns?status=COMPLETED&limit=1')).pagination.totalCount === CAMPAIGNS,
      PATIENCE_MS,
    );
    await killed;
    for (const campaign of campaigns) {
      const steps = (await api.eventsOf(campaign)).filter((type) => type !== 'campaign.updated');
      expect(steps).toEqual(['campaign.created', 'campaign.started', 'campaign.completed']);
    }
  }, 240_000);

  it('publish each post once, and send a network every repetition under the same key', async () => {
    const network = await startReceiver();
    const held: (() => void)[] = [];
    network.answers((_, response) => held.push(() => response.writeHead(204).end()));
    await api.post('/social-accounts', { platform: 'instagram', name: '@spring', url: network.url });
    const ids = await scheduled(POSTS, new Date(Date.now() + 3_000));
    await until('all processes are sending', () => held.length > 2 * SENT_AT_ONCE, PATIENCE_MS);
    const killed = killing(1);
    network.answers((_, response) => response.writeHead(204).end());
    await killed;
    for (const answer of held) answer();
    await until(
      'all are published',
      async () => (await api.get('/posts?status=PUBLISHED&limit=1')).pagination.totalCount === POSTS,
      PATIENCE_MS,
    );
    expect(await publishedTimes()).toEqual(new Map(ids.map((id) => [id, 1])));
    const keys = keysOf(network);
    expect([...keys.keys()].sort()).toEqual([...ids].sort());
    for (const [id, sent] of keys) expect([...new Set(sent)]).toEqual([`${id}/instagram`]);
    // What the killed process had sent, it did not live to record.
    expect(network.received.length).toBeGreaterThan(POSTS);
    await network.close();
  }, 240_000);

  it('import a feed to its end, each row once', async () => {
    const lines = Array.from({ length: ROWS }, (_, no) =>
      no % 10 === 9 ? `S-${no},,1.00 EUR` : `S-${no},Product ${no},1.00 EUR`,
    );
    const input = { format: 'csv', content: `sku,name,price\n${lines.join('\n')}` };
    const { id } = await api.post('/jobs', { type: 'products.import', input }, 202);
    const job = () => api.get(`/jobs/${id}`);
    await until('it is under way', async () => (await job()).progress.done > 0, PATIENCE_MS);
    // Whoever does it is among them.
    await killAll(servers.splice(0));
    const left = await job();
    expect(left.status).toBe('running');
    expect(left.progress.done).toBeLessThan(ROWS);
    servers = await startServers(PROCESSES, database, { environment });
    await until('it is done', async () => (await job()).finishedAt !== null, PATIENCE_MS);
    expect(await job()).toMatchObject({
      status: 'succeeded',
      progress: { done: ROWS, total: ROWS },
      result: { rows: ROWS, created: ROWS * 0.9, updated: 0, unchanged: 0, refused: ROWS * 0.1 },
      errorCount: ROWS * 0.1,
    });
    const [counted] = await app.sql<{ products: number; changes: number; faults: number }>(
      `SELECT (SELECT count(*) FROM products)::integer AS products,
         (SELECT count(*) FROM change_log WHERE entity = 'product')::integer AS changes,
         (SELECT count(DISTINCT row_no) FROM job_row_errors)::integer AS faults`,
    );
    expect(counted).toEqual({ products: ROWS * 0.9, changes: ROWS * 0.9, faults: ROWS * 0.1 });
  }, 300_000);
});

/** Posts of the feed and of a network, all for one moment. @returns their ids */
async function scheduled(count: number, at: Date): Promise<string[]> {
  const post = { caption: 'Words.', platforms: ['feed', 'instagram'], status: 'SCHEDULED', scheduledFor: at };
  const ids: string[] = [];
  while (ids.length < count) {
    const items = Array.from({ length: Math.min(100, count - ids.length) }, () => post);
    const { results } = await api.post('/posts/batch?atomic=true', { items }, 200);
    for (const { data } of results as readonly { data: Body }[]) ids.push(data.id);
  }
  return ids;
}

/** How often each post is said to have been published. */
async function publishedTimes(): Promise<Map<string, number>> {
  const rows = await app.sql<{ id: string; times: number }>(
    `SELECT subject_id AS id, count(*)::integer AS times FROM events WHERE type = 'post.published' GROUP BY 1`,
  );
  return new Map(rows.map(({ id, times }) => [id, times]));
}

/** The idempotency keys under which a network was sent each post. */
function keysOf({ received }: Receiver): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const { headers, body } of received) {
    const { id } = (JSON.parse(body) as { post: { id: string } }).post;
    keys.set(id, [...(keys.get(id) ?? []), String(headers['idempotency-key'])]);
  }
  return keys;
}
