import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keyIdOf } from '../../src/audit/evidence/ed25519.js';
import type { AuditVerificationResponse } from '../../src/audit/index.js';
import { RunSuperseded } from '../../src/platform/jobs/index.js';
import { VerificationProgress } from '../../src/audit/verifications/verification-progress.js';
import { VerificationSweep } from '../../src/audit/verifications/verification-sweep.js';
import { fromPublicId, newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { documentOf, failureOf, gatehouseHere } from '../cli/gatehouse.js';
import { until } from '../faults/until.js';
import { call, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { auditedLog, type AuditedLog } from './audited-log.js';
import { sealAll } from './seal-all.js';

const PATH = '/api/v1/audit/verifications';

let log: AuditedLog;
let worker: TestApp;
let key: TestKey;
let stranger: TestKey;
let operator: Record<string, string>;
beforeAll(async () => {
  log = await auditedLog();
  key = await log.app.createKey({ role: 'compliance' });
  stranger = await log.app.createKey({ role: 'compliance' });
  for (const { token } of [key, stranger]) await call(log.app.url, '/api/v1/me', { token });
  await sealAll(log.app);
  worker = await startTestApp({ database: log.database, runsJobs: true });
  const { cookie, csrfToken } = await log.app.signIn();
  operator = { Cookie: cookie, 'X-CSRF-Token': csrfToken };
});
afterAll(async () => {
  await worker.close();
  await log.close();
});

const as = (who: TestKey | 'operator') => (who === 'operator' ? { headers: operator } : { token: who.token });
const ask = (body: object, who: TestKey | 'operator' = key) =>
  call(log.app.url, PATH, { method: 'POST', body, ...as(who) });

/** Asks for one, and waits for what it found. */
async function verified(body: object, who: TestKey | 'operator' = key): Promise<AuditVerificationResponse> {
  const asked = await ask(body, who);
  expect([asked.status, asked.text.slice(0, 300)]).toEqual([202, expect.any(String)]);
  const { id } = json<AuditVerificationResponse>(asked);
  const look = async () => json<AuditVerificationResponse>(await call(log.app.url, `${PATH}/${id}`, as(who)));
  await until('the verification is done', async () => (await look()).status === 'done', 30_000);
  return look();
}

/** Does something to the log as its owner, verifies it, and takes it back. */
async function tampered(
  [damage, repair]: readonly [string, string],
  body: object,
  who: TestKey | 'operator' = key,
): Promise<AuditVerificationResponse> {
  await log.database.sql(damage);
  try {
    return await verified(body, who);
  } finally {
    await log.database.sql(repair);
  }
}

async function rowOf({ id }: TestKey): Promise<string> {
  const [row] = await log.database.sql<{ request: string }>(
    'SELECT request_id AS request FROM request_log WHERE key_id = $1 ORDER BY request_id LIMIT 1',
    [fromPublicId('key', id)],
  );
  return row?.request ?? '';
}

const statusOf = (request: string): readonly [string, string] => [
  `UPDATE request_log SET status = 204 WHERE request_id = '${request}'`,
  `UPDATE request_log SET status = 200 WHERE request_id = '${request}'`,
];

describe('a verification', () => {
  it('finds nothing wrong with a log that nobody touched, and tells an operator alone of all logs', async () => {
    const [own] = await log.database.sql<{ rows: number }>(
      `SELECT (SELECT count(*) FROM request_log WHERE organization_id = $1)::int +
         (SELECT count(*) FROM change_log WHERE organization_id = $1)::int AS rows`,
      [fromPublicId('organization', key.organizationId)],
    );
    const done = await verified({});
    expect(done).toMatchObject({ status: 'done', percent: 100, from: null, to: null, createdBy: key.id });
    const { report } = done;
    expect(report).toMatchObject({ intact: true, findingCount: 0, findings: [], purged: [], logs: null });
    expect(report?.trustedKey).toBe(keyIdOf(Buffer.from(log.firstKey, 'hex')));
    // Its own request came after it was counted; and its change.
    expect(report?.ownRows).toBeGreaterThanOrEqual(own?.rows ?? Infinity);
    const { logs, checkpoint } = (await verified({}, 'operator')).report ?? {};
    expect(logs).toMatchObject({ notRead: 0, notEvidenced: 0, erased: 0 });
    expect(logs?.rows).toBeGreaterThan(own?.rows ?? Infinity);
    expect(logs?.checkpoints).toBe(checkpoint?.no);
  });

  it('names an altered row to whoever it belongs to, and its place to everybody', async () => {
    const request = await rowOf(key);
    const { report } = await tampered(statusOf(request), {});
    expect(report).toMatchObject({ intact: false, findingCount: 1 });
    const place = { kind: 'altered', log: 'requests', position: expect.any(Number) as unknown };
    expect(report?.findings).toEqual([
      expect.objectContaining({ ...place, requestId: toPublicId('request', request) }),
    ]);
    const others = (await tampered(statusOf(request), {}, stranger)).report;
    expect(others?.findings).toEqual([expect.objectContaining({ ...place, requestId: null })]);
    const operators = (await tampered(statusOf(request), {}, 'operator')).report;
    expect(operators?.findings).toEqual(report?.findings);
  });

  it('looks at the rows of a time, and at all headers', async () => {
    const request = await rowOf(key);
    const [batch] = await log.database.sql<{ at: string; writer: number; no: string }>(
      `SELECT b.sealed_at::text AS at, b.writer, b.batch_no::text AS no FROM audit_batches b
       JOIN request_log r USING (writer, batch_no) WHERE r.request_id = $1`,
      [request],
    );
    const at = new Date(Number(batch?.at)).toISOString();
    const after = new Date(Number(batch?.at) + 1).toISOString();
    expect((await tampered(statusOf(request), { from: at, to: at })).report?.findingCount).toBe(1);
    const elsewhere = await tampered(statusOf(request), { from: after }, 'operator');
    expect(elsewhere.report).toMatchObject({ intact: true, findings: [] });
    expect(elsewhere.report?.logs?.notRead).toBeGreaterThan(0);
    const first = `writer = ${batch?.writer} AND batch_no = ${batch?.no}`;
    const header = await tampered(
      [
        `UPDATE audit_batches SET sealed_at = sealed_at - 1 WHERE ${first}`,
        `UPDATE audit_batches SET sealed_at = sealed_at + 1 WHERE ${first}`,
      ],
      { from: after },
    );
    expect(header.report?.findings[0]).toMatchObject({ kind: 'altered', writer: batch?.writer });
  });

  it('is one of an organization’s at a time, of a time that there can be', async () => {
    const answers = await Promise.all([ask({}), ask({}), ask({}, stranger)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 409]);
    const wrong = await ask({ from: '2026-02-01', to: '2026-01-01' });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('"field":"to"')]);
    const mine = await call(log.app.url, PATH, as(key));
    const ids = json<{ data: AuditVerificationResponse[] }>(mine).data.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1);
    for (const id of ids) {
      expect((await call(log.app.url, `${PATH}/${id}`, as(stranger))).status).toBe(404);
    }
    const status = async () =>
      json<{ data: unknown[] }>(await call(log.app.url, `${PATH}?status=queued`, as(key))).data;
    await until('all are done', async () => (await status()).length === 0, 30_000);
  });

  it('is heard from one run alone', async () => {
    const { id: publicId } = await verified({});
    const id = fromPublicId('auditVerification', publicId) ?? '';
    const progress = log.app.get(VerificationProgress);
    const [first, second] = [newUuid(), newUuid()];
    expect(await progress.begin(id, first, 1)).toBe(false);
    await log.database.sql(
      `UPDATE audit_verification_runs SET status = 'queued' WHERE verification_id = $1`,
      [id],
    );
    expect(await progress.begin(id, first, 1)).toBe(true);
    expect(await progress.begin(id, second, 1)).toBe(true);
    await expect(progress.advance(id, first, 1)).rejects.toThrow(RunSuperseded);
    await progress.advance(id, second, 1);
    expect([await progress.fail(id, 2), await progress.fail(id, 2)]).toEqual([false, true]);
    const failed = await call(log.app.url, `${PATH}/${publicId}`, as(key));
    expect(json(failed)).toMatchObject({ status: 'failed', finishedAt: expect.any(String) as unknown });
  });

  it('is read at the command line', async () => {
    const { id } = await verified({});
    const run = (...args: string[]) => gatehouseHere(log.database, ['audit', 'verifications', ...args]);
    expect(await documentOf(run('show', id, '--json'))).toMatchObject({ id, report: { intact: true } });
    expect((await run('show', id)).stdout).toMatch(/Found +intact/);
    const list = await run('list', '--organization', key.organizationId);
    expect(list.stdout).toMatch(new RegExp(`${id} +done +100 % +intact`));
    expect(await failureOf(run('show', 'avr_x', '--json'))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is kept as long as the logs', async () => {
    await log.database.sql(`UPDATE audit_verifications SET created_at = created_at - interval '401 days'
      WHERE organization_id = '${fromPublicId('organization', stranger.organizationId)}'`);
    expect(await log.app.get(VerificationSweep).deleteBatch()).toBeGreaterThan(0);
    const left = await call(log.app.url, PATH, as(stranger));
    expect(json<{ data: unknown[] }>(left).data).toEqual([]);
    expect(await log.app.get(VerificationSweep).deleteBatch()).toBe(0);
  });
});
