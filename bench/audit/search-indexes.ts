import type { DataSource } from 'typeorm';

/** Those that the log had before it was searched. */
const OLDER = ['request_log_key', 'request_log_organization', 'request_log_id'];

/** Runs something on a log that lacks the indexes of searches, and makes them again. */
export async function withoutSearchIndexes<T>(owner: DataSource, work: () => Promise<T>): Promise<T> {
  const indexes = await owner.query<{ name: string; definition: string }[]>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = 'request_log' AND NOT indexname = ANY ($1)`,
    [OLDER],
  );
  for (const { name } of indexes) await owner.query(`DROP INDEX ${name}`);
  try {
    return await work();
  } finally {
    for (const { definition } of indexes) await owner.query(definition.replace(' ON ONLY ', ' ON '));
  }
}
