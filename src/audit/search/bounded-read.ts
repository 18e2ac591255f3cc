import { type Database, sqlState, type Transaction } from '../../platform/database/index.js';
import { SearchTooWide } from './search-errors.js';

/** How long one search may read. */
const MOST_SECONDS = 5;

/** PostgreSQL ended a statement at its time limit. */
const QUERY_CANCELED = '57014';

/** Runs one statement within what is left of the search's time. */
export type BoundedQuery = <Row>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

/**
 * Runs a search that may need several statements, all of them together within its time.
 * @throws SearchTooWide where it takes longer
 */
export async function boundedRead<T>(
  database: Database,
  work: (query: BoundedQuery, tx: Transaction) => Promise<T>,
): Promise<T> {
  const end = performance.now() + MOST_SECONDS * 1_000;
  try {
    return await database.dataSource.transaction(async (tx) => {
      const query: BoundedQuery = async <Row>(sql: string, values: readonly unknown[]) => {
        const left = Math.floor(end - performance.now());
        if (left <= 0) throw new SearchTooWide(MOST_SECONDS);
        await tx.query(`SELECT set_config('statement_timeout', $1, true)`, [String(left)]);
        return tx.query<Row[]>(sql, [...values]);
      };
      return work(query, tx);
    });
  } catch (error) {
    if (sqlState(error) === QUERY_CANCELED) throw new SearchTooWide(MOST_SECONDS);
    throw error;
  }
}
