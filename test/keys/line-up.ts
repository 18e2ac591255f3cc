import pg from 'pg';
import { until } from '../../src/platform/database/embedded/testing/until.js';
import type { TestApp } from '../support/test-app.js';

/**
 * Lets requests get as far as they can while nobody can write to a table, and then all of them on at once: what
 * they decided from what they read before is decided at the same moment.
 * @param waiting how many wait for a lock when all have got there
 */
export async function linedUp<T>(
  app: TestApp,
  table: 'keys' | 'stores',
  waiting: number,
  send: () => Promise<T>,
): Promise<T> {
  const client = new pg.Client(app.database.ownerUrl);
  await client.connect();
  try {
    await client.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`);
    const answers = send();
    await until(
      async () => {
        const [row] = await app.sql<{ count: number }>(
          `SELECT count(*)::integer FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return row?.count === waiting;
      },
      () => `${waiting} requests to wait`,
    );
    await client.query('ROLLBACK');
    return await answers;
  } finally {
    await client.end();
  }
}
