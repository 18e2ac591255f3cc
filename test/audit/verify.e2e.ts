import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleLines } from '../../src/audit/verify/bundle.js';
import { verifyLines } from '../../src/audit/verify/verifier.js';
import { Database } from '../../src/platform/database/index.js';
import { verifyBundle } from '../../tools/verify-audit.mjs';
import { auditedLog, type AuditedLog } from './audited-log.js';

let log: AuditedLog;
beforeAll(async () => {
  log = await auditedLog();
});
afterAll(() => log.close());

describe('a log that nobody touched', () => {
  it('is intact for both verifiers, and they count alike', async () => {
    const lines: string[] = [];
    for await (const group of bundleLines(log.app.get(Database))) lines.push(...group);
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

// eslint-disable-next-line @typescript-eslint/require-await -- as a stream gives them
async function* groupsOf(lines: readonly string[]): AsyncGenerator<Buffer[]> {
  yield lines.map((line) => Buffer.from(line));
}
