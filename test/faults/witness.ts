import { fromPublicId } from '../../src/platform/ids/index.js';
import type { TestDatabase } from '../support/database.js';

/** What the log holds of the answers that clients saw. */
export interface Finding {
  /** Answers that must have a row. */
  readonly answers: number;
  /** Ids of answers without one. */
  readonly missing: readonly string[];
  /** Ids with more than one. */
  readonly doubled: readonly string[];
}

/**
 * Remembers every answer whose head a client saw, and asks the log for them. Answers of 503 say that the log or
 * the database failed; they alone may lack a row.
 */
export class Witness {
  private readonly seen = new Map<string, number>();
  readonly statuses = new Map<number, number>();
  /** Answers whose end was open when their head came. */
  streams = 0;

  /** Takes the status and headers of an answer as soon as they are there. */
  readonly saw = (status: number, headers: Readonly<Record<string, unknown>>): void => {
    const id = headers['x-request-id'];
    const uuid = typeof id === 'string' ? fromPublicId('request', id) : undefined;
    if (uuid === undefined) throw new Error(`An answer of ${status} came without its request id.`);
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (headers['transfer-encoding'] === 'chunked') this.streams += 1;
    this.seen.set(uuid, status);
  };

  /** Compares with what is committed. Corrections of late rows are no rows of their own. */
  async examine(database: Pick<TestDatabase, 'sql'>): Promise<Finding> {
    const rows = await database.sql<{ id: string; status: number; rows: number }>(
      `SELECT request_id AS id, min(status) AS status, count(*)::integer AS rows
       FROM request_log WHERE completes IS NULL GROUP BY request_id`,
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    const answered = [...this.seen].filter(([, status]) => status !== 503);
    return {
      answers: answered.length,
      missing: answered.filter(([id, status]) => found.get(id)?.status !== status).map(([id]) => id),
      doubled: rows.filter((row) => row.rows > 1).map((row) => row.id),
    };
  }
}
