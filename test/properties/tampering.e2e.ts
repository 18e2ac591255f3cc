import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { QueryRunner } from 'typeorm';
import { createDataSource } from '../../ormconfig.js';
import { headerCanonical, headerHash } from '../../src/audit/evidence/batch-header.js';
import { keyIdOf } from '../../src/audit/evidence/ed25519.js';
import { merkleRoot } from '../../src/audit/evidence/merkle.js';
import { linesIn } from '../../src/audit/verify/bundle.js';
import type { Finding, VerifyReport } from '../../src/audit/verify/findings.js';
import { verifyLines } from '../../src/audit/verify/verifier.js';
import { verifyBundle } from '../../tools/verify-audit.mjs';
import { auditedLog, type AuditedLog } from '../audit/audited-log.js';
import { SEED } from './seed.js';

const RUNS_EACH = 4;

let log: AuditedLog;
let owner: QueryRunner;
let close: () => Promise<void>;
beforeAll(async () => {
  log = await auditedLog();
  const dataSource = await createDataSource(log.database.ownerUrl, 'migration', 2).initialize();
  owner = dataSource.createQueryRunner();
  await owner.connect();
  close = async () => {
    await owner.release();
    await dataSource.destroy();
  };
});
afterAll(async () => {
  await close();
  await log.close();
});

interface RowPlace {
  readonly writer: number;
  readonly batchNo: number;
  readonly position: number;
  readonly requestId: string;
}

/** What a tamperer may do, with what must be told of it: at least one finding that fits each of these. */
type Tampering = (random: (below: number) => number) => Promise<readonly Partial<Finding>[]>;

const sql = <Row>(text: string, parameters: unknown[] = []): Promise<Row[]> =>
  owner.query(text, parameters) as Promise<Row[]>;

async function someRow(random: (below: number) => number, fitting = 'true'): Promise<RowPlace> {
  const rows = await sql<RowPlace>(
    `SELECT writer, batch_no::float8 AS "batchNo", position, request_id AS "requestId"
     FROM request_log WHERE ${fitting} ORDER BY writer, batch_no, position`,
  );
  const row = rows[random(rows.length)];
  if (!row) throw new Error(`No row is ${fitting}.`);
  return row;
}
const AT = 'writer = $1 AND batch_no = $2 AND position = $3';
const at = ({ writer, batchNo, position }: RowPlace) => [writer, batchNo, position];
/** Batches with several rows, so that there is something to move. */
const CROWDED = `(writer, batch_no) IN (SELECT writer, batch_no FROM audit_batches WHERE writer > 0 AND row_count > 1)`;

const EDITS = [
  `status = 200 + (status - 199) % 300`,
  `path = path || 'x'`,
  `at = at + interval '1 millisecond'`,
  `key_id = gen_random_uuid()`,
  `member_id = gen_random_uuid()`,
  `ip = '198.51.100.9'`,
  `user_agent = 'someone else'`,
  `query = 'a=b&c'`,
  `key_name = 'another'`,
  `client_request_id = 'x' || coalesce(client_request_id, '')`,
  `reason = 'another'`,
  `error_code = 'X' || coalesce(error_code, '')`,
  `response_bytes = coalesce(response_bytes, 0) + 1`,
  `quota_charged = quota_charged + 1`,
  `replayed = NOT replayed`,
  `salt = decode(repeat('ab', 16), 'hex')`,
  `leaf = decode(repeat('ab', 32), 'hex')`,
  `leaf = NULL`,
  `salt = NULL, user_agent = NULL, personal_commitment = decode(repeat('ab', 32), 'hex')`,
];

const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'a column of a row is changed': async (random) => {
    const row = await someRow(random);
    await sql(`UPDATE request_log SET ${EDITS[random(EDITS.length)]} WHERE ${AT}`, at(row));
    return [{ kind: 'altered', log: 'requests', ...row }];
  },
  'a row is changed together with its leaf': async (random) => {
    const row = await someRow(random, CROWDED);
    const donor = await someRow(random, `writer <> ${row.writer}`);
    await sql(
      `UPDATE request_log r SET (${COPIED.join(', ')}) =
         (SELECT ${COPIED.join(', ')} FROM request_log d WHERE d.writer = $4 AND d.batch_no = $5 AND d.position = $6)
       WHERE ${AT}`,
      [...at(row), ...at(donor)],
    );
    return [{ kind: 'altered', log: 'requests', writer: row.writer, batchNo: row.batchNo }];
  },
  'a row is deleted': async (random) => {
    const { requestId: _, ...place } = await someRow(random);
    await sql(`DELETE FROM request_log WHERE ${AT}`, [place.writer, place.batchNo, place.position]);
    return [{ kind: 'missing', log: 'requests', ...place }];
  },
  'a row is put into a batch': async (random) => {
    const row = await someRow(random);
    const requestId = randomUUID();
    await copyOf(row, { request_id: `'${requestId}'::uuid`, position: 'position + 1000' });
    return [{ kind: 'added', log: 'requests', writer: row.writer, batchNo: row.batchNo, requestId }];
  },
  'a row is put into a batch twice': async (random) => {
    const row = await someRow(random);
    await copyOf(row, {});
    return [{ kind: 'added', log: 'requests', ...row }];
  },
  'a row is added that belongs to no batch': async (random) => {
    const row = await someRow(random);
    const requestId = randomUUID();
    await copyOf(row, { request_id: `'${requestId}'::uuid`, batch_no: 'batch_no + 1000000' });
    return [{ kind: 'added', log: 'requests', requestId }];
  },
  'two rows of a batch change places': async (random) => {
    const row = await someRow(random, `${CROWDED} AND position = 0`);
    await sql(
      `UPDATE request_log SET position = 1 - position WHERE writer = $1 AND batch_no = $2 AND position < 2`,
      [row.writer, row.batchNo],
    );
    const place = { kind: 'reordered', log: 'requests', writer: row.writer, batchNo: row.batchNo } as const;
    return [0, 1].map((position) => ({ ...place, position }));
  },
  'two rows of different batches change places': async (random) => {
    const one = await someRow(random, 'writer = (SELECT min(writer) FROM request_log)');
    const other = await someRow(random, 'writer = (SELECT max(writer) FROM request_log)');
    await sql(`UPDATE request_log SET writer = -1 WHERE ${AT}`, at(one));
    const move = `UPDATE request_log SET writer = $4, batch_no = $5, position = $6 WHERE ${AT}`;
    await sql(move, [...at(other), ...at(one)]);
    await sql(move, [-1, one.batchNo, one.position, ...at(other)]);
    return [one, other].map(({ writer, batchNo }) => ({ kind: 'altered', log: 'requests', writer, batchNo }));
  },
  'the log is truncated': async () => {
    await sql('TRUNCATE request_log');
    return [{ kind: 'missing', log: 'requests', position: 0 }];
  },
  'a batch is deleted with its header': async (random) => {
    const { writer, batchNo } = await someRow(random);
    await sql('DELETE FROM request_log WHERE writer = $1 AND batch_no = $2', [writer, batchNo]);
    await sql('DELETE FROM audit_batches WHERE writer = $1 AND batch_no = $2', [writer, batchNo]);
    return [{ kind: 'missing', log: 'requests', writer }];
  },
  'the end of a chain is cut off': async (random) => {
    const { writer, batchNo } = await someRow(random);
    await sql('DELETE FROM request_log WHERE writer = $1 AND batch_no >= $2', [writer, batchNo]);
    await sql('DELETE FROM audit_batches WHERE writer = $1 AND batch_no >= $2', [writer, batchNo]);
    return [{ kind: 'missing', log: 'requests', writer }];
  },
  'all is set back to an older copy': async (random) => {
    const checkpoint = 1 + random(log.published.length - 1);
    await setBackTo(checkpoint);
    return [{ kind: 'missing', log: 'checkpoints' }];
  },
  'a batch is made anew and signed with a key of one’s own': async (random) => {
    const row = await someRow(random);
    await sql(`UPDATE request_log SET status = 204 WHERE ${AT}`, at(row));
    await signAnew(row);
    return [{ kind: 'untrusted', log: 'requests', writer: row.writer, batchNo: row.batchNo }];
  },
  'a header is edited': async (random) => {
    const { writer, batchNo } = await someRow(random);
    const edits = [
      'sealed_at = sealed_at + 1',
      `root = decode(repeat('ab', 32), 'hex')`,
      `signature = decode(repeat('ab', 64), 'hex')`,
      `header_hash = decode(repeat('ab', 32), 'hex')`,
      `prev_hash = decode(repeat('ab', 32), 'hex')`,
      'row_count = row_count + 1',
    ];
    const edit = edits[random(edits.length)];
    await sql(`UPDATE audit_batches SET ${edit} WHERE writer = $1 AND batch_no = $2`, [writer, batchNo]);
    return [{ kind: 'altered', log: 'requests', writer, batchNo }];
  },
  'a checkpoint is edited': async (random) => {
    const edits = [
      `root = decode(repeat('ab', 32), 'hex')`,
      'sealed_at = sealed_at + 1',
      `signature = decode(repeat('ab', 64), 'hex')`,
      `hash = decode(repeat('ab', 32), 'hex')`,
    ];
    await sql(`UPDATE audit_checkpoints SET ${edits[random(edits.length)]} WHERE no = $1`, [
      1 + random(log.published.length),
    ]);
    return [{ kind: 'altered', log: 'checkpoints' }];
  },
  'a checkpoint is deleted': async (random) => {
    await sql('DELETE FROM audit_checkpoints WHERE no = $1', [1 + random(log.published.length)]);
    return [{ kind: 'missing', log: 'checkpoints' }];
  },
  'an entry of the log tree is edited': async (random) => {
    const [entry] = await sql<{ writer: number; batchNo: number }>(
      `UPDATE audit_tree SET header_hash = decode(repeat('ab', 32), 'hex')
       WHERE seq = (SELECT seq FROM audit_tree ORDER BY seq OFFSET $1 LIMIT 1)
       RETURNING writer, batch_no::float8 AS "batchNo"`,
      [random(8)],
    ).then((answer) => answer[0] as unknown as { writer: number; batchNo: number }[]);
    return [
      { kind: 'forked', ...entry },
      { kind: 'altered', log: 'checkpoints' },
    ];
  },
  'an entry of the log tree is deleted': async (random) => {
    await sql(
      'DELETE FROM audit_tree WHERE seq = (SELECT seq FROM audit_tree ORDER BY seq OFFSET $1 LIMIT 1)',
      [random(8)],
    );
    return [{ kind: 'missing', log: 'checkpoints' }];
  },
  'a change is edited': async (random) => {
    const changeId = await someChange(random);
    const edits = [
      `actor_id = 'another'`,
      `after = coalesce(after, '{}') || '{"name": "another"}'`,
      `before = '{"name": "another"}'`,
      `at = at + interval '1 millisecond'`,
      `entity_id = 'another'`,
      `reason = 'another'`,
      `request_id = gen_random_uuid()`,
      `transaction_id = '7'`,
    ];
    await sql(`UPDATE change_log SET ${edits[random(edits.length)]} WHERE id = $1`, [changeId]);
    return [{ kind: 'altered', log: 'changes', writer: 0, changeId }];
  },
  'a change is deleted': async (random) => {
    const changeId = await someChange(random);
    const [seal] = await sql<{ batchNo: number; position: number }>(
      'SELECT batch_no::float8 AS "batchNo", position FROM change_seals WHERE change_id = $1',
      [changeId],
    );
    await sql('DELETE FROM change_log WHERE id = $1', [changeId]);
    return [{ kind: 'missing', log: 'changes', writer: 0, ...seal }];
  },
  'a change is deleted with its seal': async (random) => {
    const changeId = await someChange(random);
    await sql('DELETE FROM change_seals WHERE change_id = $1', [changeId]);
    await sql('DELETE FROM change_log WHERE id = $1', [changeId]);
    return [{ kind: 'missing', log: 'changes', writer: 0 }];
  },
  'a change is added past the trigger': async () => {
    await sql('ALTER TABLE change_log DISABLE TRIGGER await_seal');
    await sql(
      `INSERT INTO change_log (actor_type, actor_id, action, entity) VALUES ('member', 'x', 'update', 'store')`,
    );
    const [row] = await sql<{ changeId: number }>('SELECT max(id)::float8 AS "changeId" FROM change_log');
    return [{ kind: 'added', log: 'changes', ...row }];
  },
  'a row is taken away, and a purge is claimed': async (random) => {
    const { requestId: _, ...place } = await someRow(random);
    await sql(
      `INSERT INTO audit_kept_leaves SELECT writer, batch_no, position, leaf FROM request_log WHERE ${AT}`,
      [place.writer, place.batchNo, place.position],
    );
    await sql(
      `INSERT INTO audit_purges (no, day, log, policy, rows, batches_digest, prev_hash, purged_at, signing_key, signature, hash)
       SELECT 1, current_date - 500, 'requests', 'none', 1, sha256(convert_to($1 || E'\\n', 'UTF8')),
         decode(repeat('00', 32), 'hex'), 0, id, decode(repeat('00', 64), 'hex'), decode(repeat('00', 32), 'hex')
       FROM audit_signing_keys LIMIT 1`,
      [`${place.writer}:${place.batchNo}:1`],
    );
    await sql('INSERT INTO audit_purged_batches (writer, batch_no, purge_no, rows) VALUES ($1, $2, 1, 1)', [
      place.writer,
      place.batchNo,
    ]);
    await sql(`DELETE FROM request_log WHERE ${AT}`, [place.writer, place.batchNo, place.position]);
    return [
      { kind: 'altered', log: 'purges' },
      { kind: 'missing', log: 'requests', writer: place.writer, batchNo: place.batchNo },
    ];
  },
};

describe('whatever is done to the log', () => {
  it.each(Object.entries(TAMPERINGS))('is named by both verifiers: %s', async (_name, tamper) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
        await owner.query('BEGIN');
        try {
          const expected = await tamper(randomFrom(seed));
          const { report, findings } = await verdicts();
          expect(report.intact).toBe(false);
          for (const finding of expected) {
            expect(report.findings).toContainEqual(expect.objectContaining(finding));
            expect(findings).toContainEqual(expect.objectContaining(finding));
          }
          expect(kinds(report.findings)).toEqual(kinds(findings));
        } finally {
          await owner.query('ROLLBACK');
        }
      }),
      { numRuns: RUNS_EACH, seed: SEED },
    );
  });

  it('is told apart from nothing', async () => {
    await owner.query('BEGIN');
    const { report, findings } = await verdicts();
    await owner.query('ROLLBACK');
    expect(report.findings).toEqual([]);
    expect(findings).toEqual([]);
  });
});

const kinds = (findings: readonly { kind: string; log: string }[]) =>
  findings.map(({ kind, log: of }) => `${kind} ${of}`).sort();

async function verdicts(): Promise<{
  report: VerifyReport;
  findings: readonly { kind: string; log: string }[];
}> {
  const lines: string[] = [];
  for await (const group of linesIn(owner)) lines.push(...group);
  const published = log.published;
  const report = await verifyLines(groupsOf(lines), { trusted: [log.firstKey], published, most: 100_000 });
  const { findings } = await verifyBundle(lines, { keys: [log.firstKey], published });
  return { report, findings };
}

// eslint-disable-next-line @typescript-eslint/require-await -- as a stream gives them
async function* groupsOf(lines: readonly string[]): AsyncGenerator<Buffer[]> {
  yield lines.map((line) => Buffer.from(line));
}

/** Numbers that a seed decides. */
function randomFrom(seed: number): (below: number) => number {
  let state = `${seed}`;
  return (below) => {
    const digest = createHash('sha256').update(state).digest();
    state = digest.toString('hex');
    return digest.readUInt32BE() % below;
  };
}

async function someChange(random: (below: number) => number): Promise<number> {
  const rows = await sql<{ id: number }>(
    'SELECT change_id::float8 AS id FROM change_seals WHERE batch_no IS NOT NULL ORDER BY change_id',
  );
  return rows[random(rows.length)]?.id ?? 0;
}

/** All that a row says, and none of where it stands. */
const COPIED = [
  ...['at', 'request_id', 'organization_id', 'store_id', 'key_id', 'key_name', 'key_preview', 'secret_id'],
  ...[
    'member_id',
    'role_id',
    'role_version',
    'method',
    'route',
    'operation',
    'path',
    'query',
    'resource',
    'level',
  ],
  ...['effective_level', 'status', 'answered', 'outcome', 'error_code', 'reason', 'ip', 'user_agent'],
  ...['client_request_id', 'duration_micros', 'response_bytes', 'quota_charged', 'replayed', 'occurrences'],
  ...['completes', 'salt', 'leaf', 'personal_commitment'],
];

async function copyOf(row: RowPlace, other: Readonly<Record<string, string>>): Promise<void> {
  const columns = [...COPIED, 'writer', 'batch_no', 'position'];
  await sql(
    `INSERT INTO request_log (${columns.join(', ')})
     SELECT ${columns.map((name) => other[name] ?? name).join(', ')} FROM request_log WHERE ${AT}`,
    at(row),
  );
}

/** As if the tables had been restored from a copy that was made right after a checkpoint. */
async function setBackTo(checkpoint: number): Promise<void> {
  await sql('DELETE FROM audit_checkpoints WHERE no > $1', [checkpoint]);
  await sql('DELETE FROM audit_tree WHERE seq >= (SELECT max(log_size) FROM audit_checkpoints)');
  const beyond = (table: string) =>
    `batch_no > coalesce((SELECT max(t.batch_no) FROM audit_tree t WHERE t.writer = ${table}.writer), 0)`;
  await sql(`DELETE FROM request_log WHERE ${beyond('request_log')}`);
  await sql(
    `DELETE FROM change_log WHERE id IN (SELECT change_id FROM change_seals
       WHERE batch_no > (SELECT max(batch_no) FROM audit_tree WHERE writer = 0))`,
  );
  await sql(
    'DELETE FROM change_seals WHERE batch_no > (SELECT max(batch_no) FROM audit_tree WHERE writer = 0)',
  );
  await sql(`DELETE FROM audit_batches WHERE ${beyond('audit_batches')}`);
}

/** Makes leaves, root, header and signature anew, with a key that is put among the known ones. */
async function signAnew({ writer, batchNo }: RowPlace): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
  const id = keyIdOf(bytes);
  await sql(
    `INSERT INTO audit_signing_keys (id, public_key, master_id, generation) VALUES ($1, $2, 'theirs', 1)`,
    [id, bytes],
  );
  const lines: string[] = [];
  for await (const group of linesIn(owner)) lines.push(...group);
  const start = lines.findIndex(
    (line) =>
      line.includes(`\\"batch_no\\":${batchNo},`) &&
      line.endsWith('}') &&
      line.includes(`\\"writer\\":${writer}}`),
  );
  const leaves: Buffer[] = [];
  for (const line of lines.slice(start + 1)) {
    if (!line.startsWith('{"type":"row"')) break;
    const record = line.slice(line.indexOf(',"record":') + 10, -1);
    leaves.push(createHash('sha256').update('\0').update(record).digest());
  }
  for (const [position, leaf] of leaves.entries()) {
    await sql(`UPDATE request_log SET leaf = $4 WHERE ${AT}`, [writer, batchNo, position, leaf]);
  }
  const [batch] = await sql<{ prev_hash: Buffer; sealed_at: string; row_count: number }>(
    'SELECT prev_hash, sealed_at, row_count FROM audit_batches WHERE writer = $1 AND batch_no = $2',
    [writer, batchNo],
  );
  if (!batch || leaves.length !== batch.row_count) throw new Error('The batch was not found in the bundle.');
  const root = merkleRoot(leaves);
  const canonical = headerCanonical({
    writer,
    batchNo,
    rows: batch.row_count,
    root,
    prevHash: batch.prev_hash,
    sealedAt: Number(batch.sealed_at),
    signingKey: id,
  });
  await sql(
    `UPDATE audit_batches SET root = $3, signing_key = $4, signature = $5, header_hash = $6
     WHERE writer = $1 AND batch_no = $2`,
    [writer, batchNo, root, id, sign(null, Buffer.from(canonical), privateKey), headerHash(canonical)],
  );
}
