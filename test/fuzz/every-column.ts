import type { TestDatabase } from '../support/database.js';

/** A text that the database holds, and where. */
export interface HeldText {
  readonly place: string;
  readonly text: string;
}

/** Every value of every column that can hold a text, of every table: text, JSON, bytes (as they read), and lists of them. */
export async function everyText(database: Pick<TestDatabase, 'sql'>): Promise<HeldText[]> {
  const columns = await database.sql<{ table: string; column: string; type: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS "table", quote_ident(a.attname) AS "column",
       format_type(a.atttypid, NULL) AS "type"
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND format_type(a.atttypid, NULL) ~ '^(text|character varying|character|json|jsonb|bytea|citext|name)(\\[\\])?$'`,
  );
  const held: HeldText[] = [];
  for (const { table, column, type } of columns) {
    const value = type === 'bytea' ? `encode(${column}, 'escape')` : `${column}::text`;
    const rows = await database.sql<{ text: string }>(
      `SELECT ${value} AS text FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    held.push(...rows.map(({ text }) => ({ place: `${table}.${column}`, text })));
  }
  return held;
}
