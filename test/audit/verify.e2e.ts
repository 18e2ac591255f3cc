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
