import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bundleLines } from '../../src/audit/verify/bundle.js';
import { verifyLines } from '../../src/audit/verify/verifier.js';
import { Database } from '../../src/platform/database/index.js';
import { verifyBundle } from '../../tools/verify-audit.mjs';
import { SEED } from '../properties/seed.js';
import { auditedLog, type AuditedLog } from './audited-log.js';

let log: AuditedLog;
beforeAll(async () => {
  log = await auditedLog();
});
afterAll(() => log.close());

describe('a log that nobody touched', () => {
  it('is intact for both verifiers, and they count alike', async () => {
    const lines = await linesOf(log);
    const options = { trusted: [log.firstKey], published: log.published };
    const report = await verifyLines(groupsOf(lines), options);
    expect(report.findings).toEqual([]);
    const [counted] = await log.database.sql<{ rows: number; checkpoints: number }>(
      `SELECT (SELECT count(*) FROM request_log)::int + (SELECT count(*) FROM change_log)::int AS rows,
         (SELECT count(*) FROM audit_checkpoints)::int AS checkpoints`,
    );
    expect(report).toMatchObject({
      intact: true,
      rows: counted?.rows,
      checkpoints: counted?.checkpoints,
      writers: 3,
      notAnchored: 0,
      notSealed: 0,
      notEvidenced: 0,
      trustedOnFirstUse: null,
    });
    expect(log.published).toHaveLength(report.checkpoints);
    const { findings, summary } = await verifyBundle(lines, {
      keys: [log.firstKey],
      published: log.published,
    });
    expect(findings).toEqual([]);
    expect(summary).toMatchObject({
      rows: report.rows,
      batches: report.batches,
      checkpoints: report.checkpoints,
    });
  });
});

describe('rows that no checkpoint covers yet', () => {
  it('are named by their batches', async () => {
    await log.app.request.get('/api/v1/me').expect(401);
    await log.app.request.get('/api/v1/me').expect(401);
    const [after] = await log.database.sql<{ writer: number; last: number }>(
      `SELECT writer, batch_no::int AS last FROM request_log ORDER BY at DESC, batch_no DESC LIMIT 1`,
    );
    const lines = await linesOf(log);
    const report = await verifyLines(groupsOf(lines));
    const [range, ...others] = report.notAnchoredBatches;
    expect([report.intact, report.notAnchored, others]).toEqual([true, 2, []]);
    expect(range).toMatchObject({ writer: after?.writer, lastBatch: after?.last, rows: 2 });
    expect([0, 1]).toContain((range?.lastBatch ?? NaN) - (range?.firstBatch ?? NaN));
    const { summary } = await verifyBundle(lines);
    const { writer, firstBatch: first, lastBatch: last, rows } = range ?? {};
    expect(summary.notAnchored).toEqual([{ writer, first, last, rows }]);
    await log.grow();
  });
});

describe('a bundle with a spoiled line', () => {
  const types = [
    'key',
    'purge',
    'header',
    'old',
    'tree',
    'purged',
    'leaf',
    'unsealed',
    'added',
    'checkpoint',
    'end',
  ];
  const spoiled = fc.oneof(
    fc.constantFrom(
      '',
      '{',
      'null',
      '[]',
      '1',
      '{"type":"row"',
      '{"type":"row"}',
      '{"type":"row","position":0}',
    ),
    fc.string(),
    fc
      .record(
        { type: fc.constantFrom(...types), canonical: fc.jsonValue(), public_key: fc.jsonValue() },
        {
          requiredKeys: ['type'],
        },
      )
      .map((line) => JSON.stringify(line)),
  );

  it('is not intact for either verifier, and neither breaks', async () => {
    const lines = await linesOf(log);
    await fc.assert(
      fc.asyncProperty(fc.nat(lines.length - 2), spoiled, async (at, line) => {
        const given = lines.with(at + 1, line);
        const told = [line, lines[at + 1]?.slice(0, 40)];
        const report = await verifyLines(groupsOf(given));
        expect([...told, report.intact]).toEqual([...told, false]);
        const { findings } = await verifyBundle(given);
        expect([...told, findings.length > 0]).toEqual([...told, true]);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});

async function linesOf({ app }: AuditedLog): Promise<string[]> {
  const lines: string[] = [];
  for await (const group of bundleLines(app.get(Database))) {
    expect(group.length).toBeGreaterThan(0);
    lines.push(...group);
  }
  return lines;
}

// eslint-disable-next-line @typescript-eslint/require-await -- as a stream gives them
async function* groupsOf(lines: readonly string[]): AsyncGenerator<Buffer[]> {
  yield lines.map((line) => Buffer.from(line));
}
