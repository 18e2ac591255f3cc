import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Proof } from '../../src/audit/evidence/proof.js';
import { type ProofReport, type Trusted, verifyProof } from '../../src/audit/proofs/verify-proof.js';
import { AuditLeader } from '../../src/audit/index.js';
import { newUuid, toPublicId } from '../../src/platform/ids/index.js';
import * as script from '../../tools/verify-audit.mjs';
import { call, codeOf, json } from '../support/http-client.js';
import type { TestKey } from '../support/test-app.js';
import { auditedLog, type AuditedLog } from './audited-log.js';
import { until } from '../faults/until.js';
import { EventStream } from './event-stream.js';
import { uuidOf } from './log-rows.js';

let log: AuditedLog;
let reader: TestKey;
let stranger: TestKey;
let asked: string;
let created: string;
beforeAll(async () => {
  log = await auditedLog();
  reader = await log.app.createKey({ role: 'admin' });
  stranger = await log.app.createKey({ role: 'admin' });
  asked = await request('campaigns?limit=5');
  created = await request('campaigns', { name: 'Proven', platform: 'email' });
  await log.grow();
  await log.grow();
});
afterAll(() => log.close());

const send = (path: string, token = reader.token, body?: object) =>
  call(log.app.url, `/api/v1/${path}`, { token, body, method: body ? 'POST' : 'GET' });

/** Asks for something. @returns the request's id */
async function request(path: string, body?: object): Promise<string> {
  return (await send(path, reader.token, body)).headers['x-request-id'] as string;
}

const proofOf = async (id: string, query = '') =>
  json<Proof>(await send(`audit/requests/${id}/proof${query}`));

async function changeOf(requestId: string): Promise<string> {
  const { data } = json<{ data: { id: string }[] }>(await send(`audit/changes?requestId=${requestId}`));
  return data[0]?.id ?? '';
}

const trusted = (): Trusted => ({ keys: [log.firstKey], published: log.published });

/** What the script for auditors makes of it. */
function isProvenByScript(proof: Proof): boolean {
  try {
    return script.verifyProof(proof, trusted()).faults.length === 0;
  } catch {
    return false;
  }
}

const PROVEN = { proven: true, reaches: 'checkpoint', faults: [], published: true, trustedOnFirstUse: null };

describe('a proof', () => {
  it('shows with the first public key alone that a request is in the log', async () => {
    const proof = await proofOf(asked);
    expect(proof).toMatchObject({
      type: 'gatehouse/proof/v1',
      id: asked,
      log: 'requests',
      state: 'anchored',
    });
    expect(JSON.parse(proof.row?.record ?? '')).toMatchObject({ path: '/api/v1/campaigns', status: 200 });
    expect(proof.keys).toHaveLength(2);
    expect(verifyProof(proof, trusted())).toMatchObject(PROVEN);
    expect(verifyProof(proof, { keys: [] })).toMatchObject({
      proven: true,
      published: false,
      trustedOnFirstUse: proof.keys[0]?.id,
    });
  });

  it('does so for every request and every change of the organization', async () => {
    const { data: requests } = json<{ data: { requestId: string }[] }>(
      await send('audit/requests?limit=100'),
    );
    const { data: changes } = json<{ data: { id: string }[] }>(await send('audit/changes?limit=100'));
    await log.grow();
    expect(requests.length).toBeGreaterThan(1);
    expect(changes.length).toBeGreaterThan(1);
    for (const { requestId } of requests)
      expect(verifyProof(await proofOf(requestId), trusted())).toMatchObject(PROVEN);
    for (const { id } of changes) {
      const proof = json<Proof>(await send(`audit/changes/${id}/proof`));
      expect(proof).toMatchObject({ id, log: 'changes', state: 'anchored' });
      expect(verifyProof(proof, trusted())).toMatchObject(PROVEN);
      expect(isProvenByScript(proof)).toBe(true);
    }
  });

  it('goes through every header up to the one in the log tree', async () => {
    const first = await request('me');
    for (let times = 0; times < 4; times += 1) await request('me');
    await log.app.get(AuditLeader).round();
    const proof = await proofOf(first);
    expect(proof.chain.length).toBeGreaterThan(2);
    expect(verifyProof(proof, trusted()).proven).toBe(true);
    for (const at of proof.chain.keys()) {
      const cut = { ...proof, chain: proof.chain.filter((_, index) => index !== at) };
      expect(verifyProof(cut, trusted()).proven).toBe(false);
    }
  });

  it('is made against a checkpoint that somebody kept', async () => {
    const newest = log.published.length;
    const proof = await proofOf(asked, `?checkpoint=${newest}`);
    expect(verifyProof(proof, trusted()).checkpoint?.no).toBe(newest);
    expect(verifyProof(proof, trusted())).toMatchObject(PROVEN);
    for (const no of [1, newest + 100]) {
      expect((await send(`audit/requests/${asked}/proof?checkpoint=${no}`)).status).toBe(400);
    }
  });

  it('holds for no other row, and not with anything in it altered', async () => {
    const proof = await proofOf(asked);
    const change = json<Proof>(await send(`audit/changes/${await changeOf(created)}/proof`));
    for (const whole of [proof, change]) {
      let tried = 0;
      for (const altered of alterations(whole)) {
        tried += 1;
        const report = verifyProof(altered as Proof, trusted());
        expect([JSON.stringify(altered), report.proven]).toEqual([JSON.stringify(altered), false]);
        // the script shows the record, and leaves it to its reader which row that is
        if ((altered as Proof).id === whole.id && (altered as Proof).log === whole.log)
          expect([JSON.stringify(altered), isProvenByScript(altered as Proof)]).toEqual([
            JSON.stringify(altered),
            false,
          ]);
      }
      expect(tried).toBeGreaterThan(15);
    }
    expect(verifyProof({ ...proof, id: created }, trusted()).proven).toBe(false);
    expect(verifyProof({ ...proof, log: 'changes' }, trusted()).proven).toBe(false);
  });

  it('is worth nothing where nobody trusts its keys, or another checkpoint was published', async () => {
    const proof = await proofOf(asked);
    const unknown = verifyProof(proof, { keys: ['ab'.repeat(32)] });
    expect(unknown).toMatchObject({ proven: false, faults: [expect.stringContaining('nobody trusts')] });
    const { no } = JSON.parse(proof.anchor?.checkpoint.canonical ?? '') as { no: number };
    const other = JSON.stringify({ no, root: '00' });
    const published = [{ canonical: other, signature: '', hash: '' }];
    const forked = verifyProof(proof, { keys: [log.firstKey], published });
    expect(forked).toMatchObject({ proven: false, faults: [expect.stringContaining('published')] });
  });

  it('says what there is before a checkpoint covers the row', async () => {
    const id = await request('campaigns', { name: 'Just now', platform: 'email' });
    const proof = await proofOf(id);
    expect(proof).toMatchObject({ state: 'sealed', anchor: null, chain: [] });
    const report: ProofReport = verifyProof(proof, trusted());
    expect(report).toMatchObject({ proven: false, reaches: 'batch', faults: [] });
    const change = json<Proof>(await send(`audit/changes/${await changeOf(id)}/proof`));
    expect(change).toMatchObject({ state: 'unsealed', row: null, batch: null, anchor: null });
    expect(verifyProof(change, trusted())).toMatchObject({ proven: false, reaches: 'nothing', faults: [] });
  });

  it('is made of the rows that close a request, too', async () => {
    const stream = await EventStream.open(log.app.url, '', { token: reader.token });
    const id = stream.answer.headers['x-request-id'] as string;
    stream.close();
    await until('its end is logged', async () => {
      const rows = await log.database.sql('SELECT FROM request_log WHERE request_id = $1', [
        uuidOf('request', id),
      ]);
      return rows.length === 2;
    });
    await log.grow();
    for (const [row, outcome] of [
      [0, 'streaming'],
      [1, 'completed'],
    ] as const) {
      const proof = await proofOf(id, `?row=${row}`);
      expect(JSON.parse(proof.row?.record ?? '')).toMatchObject({ outcome });
      expect(verifyProof(proof, trusted())).toMatchObject(PROVEN);
    }
  });

  it('is made for operators of what belongs to no organization', async () => {
    const { headers } = await call(log.app.url, '/api/v1/me');
    const path = `audit/requests/${headers['x-request-id'] as string}/proof`;
    expect((await send(path)).status).toBe(404);
    const { cookie } = await log.app.signIn();
    await log.grow();
    const proof = json<Proof>(await call(log.app.url, `/api/v1/${path}`, { headers: { cookie } }));
    expect(JSON.parse(proof.row?.record ?? '')).toMatchObject({ organization_id: null, status: 401 });
    expect(verifyProof(proof, trusted())).toMatchObject(PROVEN);
  });

  it('is nobody else’s, and there is none of what there is not', async () => {
    const change = await changeOf(created);
    for (const path of [`requests/${asked}`, `changes/${change}`]) {
      expect((await send(`audit/${path}/proof`, stranger.token)).status).toBe(404);
      const writer = await log.app.createKey({ storeId: reader.storeId });
      expect(codeOf(await send(`audit/${path}/proof`, writer.token))).toBe('PERMISSION_DENIED');
    }
    expect((await send(`audit/requests/${toPublicId('request', newUuid())}/proof`)).status).toBe(404);
    expect((await send(`audit/changes/${toPublicId('change', newUuid())}/proof`)).status).toBe(404);
    expect((await send(`audit/requests/${asked}/proof?row=1`)).status).toBe(404);
  });
});

describe('a row that lost something', () => {
  it('is proved without its personal fields where they were erased', async () => {
    const proof = await proofOf(asked);
    const commitment = (JSON.parse(proof.row?.record ?? '') as { personal: string }).personal;
    await log.database.sql(
      `UPDATE request_log SET ip = NULL, user_agent = NULL, query = NULL, key_name = NULL, client_request_id = NULL,
         salt = NULL, personal_commitment = decode($2, 'hex') WHERE request_id = $1`,
      [uuidOf('request', asked), commitment],
    );
    const erased = await proofOf(asked);
    expect(erased.row).toMatchObject({ salt: null, personal: commitment, record: proof.row?.record });
    expect(verifyProof(erased, trusted())).toMatchObject(PROVEN);
  });

  it('is proved from where it is held, with the leaves that a purge kept', async () => {
    const id = uuidOf('request', asked);
    const own = `(SELECT writer, batch_no FROM request_log WHERE request_id = '${id}')`;
    await log.database.sql(`INSERT INTO held_requests SELECT * FROM request_log WHERE request_id = '${id}'`);
    await log.database.sql(
      `INSERT INTO audit_kept_leaves SELECT writer, batch_no, position, leaf FROM request_log
       WHERE (writer, batch_no) = ${own} AND request_id <> '${id}'`,
    );
    await log.database.sql(`DELETE FROM request_log WHERE (writer, batch_no) = ${own}`);
    expect(verifyProof(await proofOf(asked), trusted())).toMatchObject(PROVEN);
  });

  it('is told to be broken where others of its batch are gone', async () => {
    const { headers } = await send('campaigns?limit=3');
    const id = headers['x-request-id'] as string;
    await log.database.sql(
      `UPDATE audit_batches b SET row_count = 2 FROM request_log r
       WHERE r.request_id = $1 AND b.writer = r.writer AND b.batch_no = r.batch_no`,
      [uuidOf('request', id)],
    );
    expect(await proofOf(id)).toMatchObject({ state: 'broken', batch: null, anchor: null });
  });
});

describe('a row whose checkpoint is far away', () => {
  it('is refused a proof, with how far it is', async () => {
    const id = await request('me');
    await log.app.get(AuditLeader).round();
    await log.database.sql(
      `UPDATE audit_tree t SET batch_no = r.batch_no + 10001 FROM request_log r
       WHERE r.request_id = $1 AND t.writer = r.writer AND t.batch_no >= r.batch_no`,
      [uuidOf('request', id)],
    );
    const answer = await send(`audit/requests/${id}/proof`);
    expect([answer.status, codeOf(answer)]).toEqual([409, 'PROOF_TOO_LONG']);
    expect(json(answer)).toMatchObject({ error: { details: { headers: 10_001, most: 10_000 } } });
  });
});

/** The document with each of its texts, numbers and lists altered in turn, but for what is only told. */
function* alterations(whole: object): Generator<object> {
  const told = new Set(['state', 'hash', 'endorsedBy']);
  for (const [name, value] of Object.entries(whole) as [string, unknown][]) {
    if (told.has(name) || name === 'keys') continue;
    for (const other of othersOf(value)) yield { ...whole, [name]: other };
  }
}

function* othersOf(value: unknown): Generator<unknown> {
  if (typeof value === 'number') yield value + 1;
  else if (typeof value === 'string') yield `${value.slice(0, -2)}${value.endsWith('00') ? '11' : '00'}`;
  else if (Array.isArray(value)) {
    for (const at of value.keys()) {
      for (const other of othersOf(value[at])) yield value.with(at, other);
      yield value.toSpliced(at, 1);
    }
    yield [...(value as unknown[]), '00'.repeat(32)];
  } else if (typeof value === 'object' && value !== null) yield* alterations(value);
}
