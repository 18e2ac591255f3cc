import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { AuditLeader } from '../../src/audit/index.js';
import { checkpointCanonical } from '../../src/audit/evidence/checkpoint.js';
import { isSignedBy, publicKeyOf } from '../../src/audit/evidence/ed25519.js';
import { treeLeaf } from '../../src/audit/evidence/log-tree.js';
import { merkleRoot } from '../../src/audit/evidence/merkle.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { sealAll } from './seal-all.js';

let database: TestDatabase;
let app: TestApp;
let second: TestApp;
let key: TestKey;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ database });
  second = await startTestApp({ database });
  key = await app.createKey({ role: 'admin' });
});
afterAll(async () => {
  await second.close();
  await app.close();
  await database.drop();
});

const leader = () => app.get(AuditLeader);

interface Seal {
  change_id: string;
  batch_no: string | null;
  position: number | null;
}
const seals = () =>
  app.sql<Seal>(
    'SELECT change_id, batch_no, position FROM change_seals ORDER BY batch_no, position, change_id',
  );
const unsealed = async () => (await seals()).filter(({ batch_no }) => batch_no === null);

async function typist(): Promise<pg.Client> {
  const client = new pg.Client(database.ownerUrl);
  await client.connect();
  return client;
}
const rename = (client: pg.Client, name: string) =>
  client.query(`UPDATE stores SET name = $1 WHERE id = (SELECT min(id::text)::uuid FROM stores)`, [name]);
const renameOrganization = (client: pg.Client, name: string) =>
  client.query(
    `UPDATE organizations SET name = $1 WHERE id = (SELECT min(id::text)::uuid FROM organizations)`,
    [name],
  );

async function checkpointsHold(): Promise<number> {
  const keys = new Map(
    (await app.sql<{ id: string; public_key: Buffer }>('SELECT id, public_key FROM audit_signing_keys')).map(
      ({ id, public_key }) => [id, publicKeyOf(public_key)],
    ),
  );
  const tree = await app.sql<{ header_hash: Buffer }>('SELECT header_hash FROM audit_tree ORDER BY seq');
  const leaves = tree.map(({ header_hash }) => treeLeaf(header_hash));
  const rows = await app.sql<{
    no: string;
    log_size: string;
    root: Buffer;
    prev_hash: Buffer;
    sealed_at: string;
    signing_key: string;
    signature: Buffer;
    hash: Buffer;
  }>('SELECT * FROM audit_checkpoints ORDER BY no');
  let prev: Buffer = Buffer.alloc(32);
  for (const [at, row] of rows.entries()) {
    expect(Number(row.no)).toBe(at + 1);
    expect(row.prev_hash).toEqual(prev);
    expect(row.root).toEqual(merkleRoot(leaves.slice(0, Number(row.log_size))));
    const canonical = checkpointCanonical({
      no: Number(row.no),
      logSize: Number(row.log_size),
      root: row.root,
      prevHash: row.prev_hash,
      sealedAt: Number(row.sealed_at),
      signingKey: row.signing_key,
    });
    const signer = keys.get(row.signing_key);
    expect(signer && isSignedBy(canonical, row.signature, signer)).toBe(true);
    prev = row.hash;
  }
  return rows.length;
}

describe('the sealing leader', () => {
  it('seals every change, anchors every batch, and then has nothing to do', async () => {
    await app.request.get('/api/v1/me').set('Authorization', `Bearer ${key.token}`).expect(200);
    const round = await sealAll(app);
    expect(round).toMatchObject({ leads: true, checkpoint: 1 });
    expect(round.sealedChanges).toBeGreaterThan(0);
    expect(await unsealed()).toEqual([]);
    const open = await app.sql(
      'SELECT * FROM audit_heads() WHERE batch_no > anchored_no AND header_hash IS NOT NULL',
    );
    expect(open).toEqual([]);
    expect(await leader().round()).toEqual({
      leads: true,
      sealedChanges: 0,
      checkpoint: undefined,
      unknownOutcomes: 0,
    });
    await checkpointsHold();
  });

  it('leads in one process alone', async () => {
    expect((await leader().round()).leads).toBe(true);
    expect((await second.get(AuditLeader).round()).leads).toBe(false);
  });

  it('waits for a transaction that began earlier, and skips none that commits late', async () => {
    await sealAll(app);
    const [early, late] = [await typist(), await typist()];
    await early.query('BEGIN');
    await rename(early, 'first');
    await late.query('BEGIN');
    await renameOrganization(late, 'second');
    await late.query('COMMIT');
    expect((await leader().round()).sealedChanges).toBe(0);
    expect(await unsealed()).toHaveLength(1);
    await early.query('COMMIT');
    expect((await sealAll(app)).sealedChanges).toBe(2);
    expect(await unsealed()).toEqual([]);
    const [a, b] = (await seals()).slice(-2);
    expect(Number(a?.change_id)).toBeLessThan(Number(b?.change_id));
    await early.end();
    await late.end();
  });

  it('seals what was restored from a dump, whose transactions are ahead of the server’s', async () => {
    await sealAll(app);
    await database.sql(
      `INSERT INTO change_log (transaction_id, actor_type, actor_id, action, entity)
       SELECT (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1000000)::text::xid8, 'system', 'x', 'update', 'store'`,
    );
    expect((await sealAll(app)).sealedChanges).toBe(1);
    const client = await typist();
    await rename(client, 'after the dump');
    await client.end();
    expect((await sealAll(app)).sealedChanges).toBe(1);
    expect(await unsealed()).toEqual([]);
  });

  it('is not held up by a change that was taken away before it was sealed', async () => {
    const client = await typist();
    await rename(client, 'goes');
    await client.query('DELETE FROM change_log WHERE id = (SELECT max(id) FROM change_log)');
    await rename(client, 'stays');
    await client.end();
    expect((await sealAll(app)).sealedChanges).toBe(1);
    expect(await unsealed()).toHaveLength(1);
    await database.sql('DELETE FROM change_seals WHERE batch_no IS NULL');
  });

  it('hands the lead to another process when its connection is cut', async () => {
    expect((await leader().round()).leads).toBe(true);
    await database.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'gatehouse audit-leader' AND datname = current_database()`,
    );
    // The first round on each side may find its connection gone.
    for (const each of [second, app]) {
      await each
        .get(AuditLeader)
        .round()
        .catch(() => undefined);
    }
    await app.request.get('/api/v1/me').set('Authorization', `Bearer ${key.token}`).expect(200);
    const both = await Promise.all([app, second].map((each) => each.get(AuditLeader).round()));
    expect(both.filter(({ leads }) => leads)).toHaveLength(1);
    await checkpointsHold();
  });

  it('makes no fork, whoever else believes to lead', async () => {
    await expect(
      database.sql(
        `SELECT audit_seal_changes(1, '\\x00', decode(repeat('00', 32), 'hex'), 0, 'k', '\\x00', '\\x01', '{}', '{}', '{}')`,
      ),
    ).rejects.toMatchObject({ code: 'GH003' });
    await expect(
      database.sql(
        `SELECT audit_append_checkpoint(1, 0, 1, '\\x00', decode(repeat('00', 32), 'hex'), 0, 'k', '\\x00', '\\x01',
           '{1}', '{1}', '{"\\\\x00"}', '{}', '{}', '{}')`,
      ),
    ).rejects.toMatchObject({ code: 'GH003' });
  });
});
