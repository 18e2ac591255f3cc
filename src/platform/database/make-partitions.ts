import type { Database } from './database.js';

/**
 * Calls a function that makes the partitions that are missing. A new partition locks the whole table for a moment, and
 * while it waits for a long reader, every writer waits behind it: better to give up and come again.
 * @param call the function's call, which answers how many it made
 * @returns that number
 * @throws whatever the database throws, also when it had to wait too long for readers
 */
export function makePartitions(
  database: Database,
  call: string,
  parameters: readonly unknown[],
): Promise<number> {
  return database.dataSource.transaction(async (tx) => {
    await tx.query(`SET LOCAL lock_timeout = '2s'`);
    const [row] = await tx.query<{ made: number }[]>(`SELECT ${call} AS made`, [...parameters]);
    return row?.made ?? 0;
  });
}
