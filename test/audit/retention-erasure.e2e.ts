import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Eraser, type Hold } from '../../src/audit/index.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { documentOf, gatehouseHere } from '../cli/gatehouse.js';
import { uuidOf } from '../keys/key-calls.js';
import { People } from '../members/people.js';
import { call, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { faultsOf } from './log-proof.js';
import { appendRequests, dayAgo, momentOf, oldRow, sealChanges } from './old-days.js';
import { StandInHolds, StandInHoldsModule } from './stand-in-holds.js';

interface ErasureView {
  readonly id: string;
  readonly status: string;
  readonly ipDigest: string | null;
  readonly rowsErased: number;
  readonly changesErased: number;
  readonly rowsHeld: number | null;
  readonly requestedBy: string;
}

const ADDRESS = '2001:db8::7';
const PERSONAL = 'key_name, query, ip, user_agent, client_request_id, salt';

let app: TestApp;
let admin: TestKey;
beforeAll(async () => {
  app = await startTestApp({ modules: [StandInHoldsModule] });
  admin = await app.createKey({ role: 'admin' });
});
afterAll(() => app.close());

const organization = () => uuidOf('organization', admin.organizationId);

/** Asks for an erasure by the API; it waits for its job. */
async function ask(body: object): Promise<ErasureView> {
  const answer = await call(app.url, '/api/v1/audit/erasures', { token: admin.token, method: 'POST', body });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return json<ErasureView>(answer);
}

/** Does it, as the job would. */
const erase = ({ id }: ErasureView, ip?: string) => app.get(Eraser).run({ id: uuidOf('erasure', id), ip });

async function shown({ id }: ErasureView): Promise<ErasureView | undefined> {
  const answer = await call(app.url, '/api/v1/audit/erasures', { token: admin.token });
  return json<{ data: ErasureView[] }>(answer).data.find((one) => one.id === id);
}

/** The requests that still tell of somebody, of those given. */
async function telling(ids: readonly string[]): Promise<string[]> {
  const rows = await app.sql<{ id: string }>(
    `SELECT request_id AS id FROM request_log WHERE request_id = ANY ($1) AND num_nonnulls(${PERSONAL}) > 0`,
    [ids],
  );
  return ids.filter((id) => rows.some((row) => row.id === id));
}

describe('what came from an address', () => {
  it('is erased from the organization’s rows, in every day before the moment, and every row still proves', async () => {
    const of = (at: number, fields = {}) =>
      oldRow(at, { organization_id: organization(), ip: ADDRESS, ...fields });
    const rows = [
      of(momentOf(dayAgo(90))),
      of(momentOf(dayAgo(20)), {
        query: null,
        user_agent: 'a "quoted" \\ \u007f \u001f \u{10ffff} é',
        client_request_id: 'x',
      }),
      of(momentOf(dayAgo(20)), { ip: '192.0.2.1' }),
      of(momentOf(dayAgo(20)), { organization_id: randomUUID() }),
      of(momentOf(dayAgo(5))),
    ];
    await appendRequests(app, rows);
    const ids = rows.map(({ request_id }) => request_id);
    const erasure = await ask({ ip: ADDRESS, before: dayAgo(10), reason: 'request of the person' });
    expect(erasure).toMatchObject({ status: 'waiting', rowsErased: 0, requestedBy: admin.id });
    expect(await telling(ids)).toEqual(ids);
    expect(await erase(erasure, ADDRESS)).toBe(true);

    expect(await telling(ids)).toEqual(ids.slice(2));
    expect(
      await app.sql(`SELECT ${PERSONAL}, path, status FROM request_log WHERE request_id = $1`, [ids[0]]),
    ).toEqual([
      expect.objectContaining({ ip: null, salt: null, key_name: null, path: rows[0]?.path, status: 200 }),
    ]);
    expect(await faultsOf(app)).toEqual([]);
    expect(await shown(erasure)).toMatchObject({ status: 'done', rowsErased: 2, rowsHeld: 0 });
    expect(erasure.ipDigest).toMatch(/^[0-9a-f]{64}$/);
    const words = await app.sql<{ row: string }>(
      `SELECT t::text AS row FROM audit_erasures t UNION ALL SELECT c::text FROM change_log c WHERE entity = 'erasure'`,
    );
    expect(words.length).toBeGreaterThan(2);
    expect(words.filter(({ row }) => row.includes('2001:db8'))).toEqual([]);
    expect(await erase(erasure, ADDRESS)).toBe(true);
  });

  it('is erased by a job, which is then gone with the address', async () => {
    const row = oldRow(momentOf(dayAgo(3)), { organization_id: organization(), ip: '192.0.2.99' });
    await appendRequests(app, [row]);
    const worker = await startTestApp({ database: app.database, runsJobs: true });
    try {
      const erasure = await ask({ ip: '192.0.2.99', reason: 'request of the person' });
      while ((await shown(erasure))?.status !== 'done');
      expect(await telling([row.request_id])).toEqual([]);
      while (
        (await app.sql(`SELECT FROM graphile_worker._private_jobs t WHERE t::text LIKE '%192.0.2.99%'`))
          .length > 0
      );
    } finally {
      await worker.close();
    }
  });
});

describe('what a member did', () => {
  it('is erased with the changes of the member, once they are sealed; their leaves stand', async () => {
    const people = new People(app);
    const person = await people.add({ organizationId: admin.organizationId, email: 'grace@example.org' });
    const memberId = uuidOf('member', person.id);
    const row = oldRow(momentOf(dayAgo(2)), { organization_id: organization(), member_id: memberId });
    await appendRequests(app, [row]);
    await call(app.url, `/api/v1/members/${person.id}`, { token: admin.token, method: 'DELETE' });
    const erasure = await ask({ memberId: person.id, reason: 'request of the person' });
    expect(await erase(erasure)).toBe(false);
    await sealChanges(app);
    expect(await erase(erasure)).toBe(true);
    expect(await telling([row.request_id])).toEqual([]);
    const left = await app.sql(
      `SELECT action FROM change_log c WHERE entity = 'member' AND c::text LIKE '%grace@example.org%'`,
    );
    expect(left).toEqual([]);
    const changes = await app.sql(
      `SELECT action, before, after FROM change_log WHERE entity_id = $1 ORDER BY id`,
      [memberId],
    );
    expect(changes.length).toBeGreaterThan(1);
    for (const change of changes) expect(change).toMatchObject({ before: null, after: null });
    expect(await shown(erasure)).toMatchObject({
      status: 'done',
      rowsErased: 1,
      changesErased: changes.length,
    });
    await sealChanges(app);
    expect(await faultsOf(app)).toEqual([]);
  });
});

describe('held rows', () => {
  it('are left while they are held, and counted', async () => {
    const row = oldRow(momentOf(dayAgo(2)), { organization_id: organization(), key_id: randomUUID() });
    await appendRequests(app, [row]);
    const hold: Hold = { keyId: row.key_id ?? '' };
    const holds = app.get(StandInHolds).inForce.add(hold);
    const body = { keyId: toPublicId('key', row.key_id ?? ''), reason: 'request of the person' };
    const first = await ask(body);
    await erase(first);
    expect(await shown(first)).toMatchObject({ status: 'done', rowsErased: 0, rowsHeld: 1 });
    expect(await telling([row.request_id])).toEqual([row.request_id]);
    holds.clear();
    const second = await ask(body);
    await erase(second);
    expect(await shown(second)).toMatchObject({ status: 'done', rowsErased: 1, rowsHeld: 0 });
    expect(await telling([row.request_id])).toEqual([]);
  });
});

describe('an erasure', () => {
  it.each([
    ['names nobody', {}],
    ['names two', { ip: '192.0.2.1', keyId: toPublicId('key', randomUUID()) }],
    ['names no address', { ip: '192.0.2' }],
    ['names a network', { ip: '192.0.2.0/24' }],
  ])('is refused where it %s', async (_, selection) => {
    const body = { reason: 'why', ...selection };
    const answer = await call(app.url, '/api/v1/audit/erasures', {
      token: admin.token,
      method: 'POST',
      body,
    });
    expect(answer.status).toBe(400);
  });

  it('is no right of those who read the logs', async () => {
    const reader = await app.createKey({ role: 'compliance' });
    const body = { ip: '192.0.2.1', reason: 'why' };
    const answer = await call(app.url, '/api/v1/audit/erasures', {
      token: reader.token,
      method: 'POST',
      body,
    });
    expect(answer.status).toBe(403);
  });

  it('is seen by its own organization alone', async () => {
    const other = await app.createKey({ role: 'admin' });
    const answer = await call(app.url, '/api/v1/audit/erasures', { token: other.token });
    expect(json(answer)).toMatchObject({ data: [], pagination: { totalCount: 0 } });
  });

  it('is made at the command line too, of the whole installation', async () => {
    const row = oldRow(momentOf(dayAgo(2)), { ip: '198.51.100.4' });
    await appendRequests(app, [row]);
    const args = ['--address', '198.51.100.4', '--reason', 'request of the person', '--yes', '--json'];
    const made = await documentOf<ErasureView>(gatehouseHere(app.database, ['audit', 'erase', ...args]));
    expect(made).toMatchObject({ status: 'done', rowsErased: 1, requestedBy: 'cli' });
    expect(await telling([row.request_id])).toEqual([]);
    const listed = await documentOf<{ data: ErasureView[] }>(
      gatehouseHere(app.database, ['audit', 'erasures', '--json']),
    );
    expect(listed.data[0]).toEqual(made);
  });
});

describe('the role that the server connects with', () => {
  it('can erase nothing by hand, nor without an erasure that is to be done', async () => {
    const server = new pg.Client(app.database.url);
    await server.connect();
    const answerTo = (statement: string) =>
      server.query(statement).then(
        () => 'done',
        (error: pg.DatabaseError) => error.code,
      );
    const day = dayAgo(2);
    try {
      expect(await answerTo('UPDATE request_log SET ip = NULL')).toBe('42501');
      expect(await answerTo('UPDATE change_log SET before = NULL')).toBe('42501');
      expect(await answerTo('UPDATE held_requests SET ip = NULL')).toBe('42501');
      expect(
        await answerTo(`SELECT audit_erase_requests('${randomUUID()}', '192.0.2.7', '${day}', '[]', 10)`),
      ).toBe('GH004');
      const [done] = await app.sql<{ id: string }>('SELECT id FROM audit_erasures WHERE done_at IS NOT NULL');
      expect(
        await answerTo(`SELECT audit_erase_requests('${done?.id}', '192.0.2.7', '${day}', '[]', 10)`),
      ).toBe('GH004');
      expect(await answerTo(`SELECT audit_erase_changes('${done?.id}', '[]', 10)`)).toBe('GH004');
    } finally {
      await server.end();
    }
  });
});
