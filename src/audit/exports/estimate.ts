import type { Database } from '../../platform/database/index.js';

interface Plan {
  readonly Plan: { readonly 'Plan Rows': number };
}

/** How many rows the planner expects of a statement: costs nothing, and may be wrong by far. */
export async function estimatedRows(
  database: Database,
  sql: string,
  values: readonly unknown[],
): Promise<number> {
  const [row] = await database.query<{ 'QUERY PLAN': readonly Plan[] }>(
    `EXPLAIN (FORMAT JSON) ${sql}`,
    values,
  );
  return Math.round(row?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0);
}
