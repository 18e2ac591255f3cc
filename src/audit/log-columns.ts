import type { LogRow } from './log-row.js';

/** The columns in the order in which `audit_append` takes them; texts are quoted, the rest needs no quotes. */
const COLUMNS = [
  ['at', 'plain'],
  ['request_id', 'plain'],
  ['organization_id', 'plain'],
  ['store_id', 'plain'],
  ['key_id', 'plain'],
  ['key_name', 'text'],
  ['key_preview', 'text'],
  ['secret_id', 'plain'],
  ['member_id', 'plain'],
  ['role_id', 'plain'],
  ['role_version', 'plain'],
  ['method', 'text'],
  ['route', 'text'],
  ['operation', 'text'],
  ['path', 'text'],
  ['query', 'text'],
  ['resource', 'text'],
  ['level', 'text'],
  ['effective_level', 'text'],
  ['status', 'plain'],
  ['answered', 'plain'],
  ['outcome', 'text'],
  ['error_code', 'text'],
  ['reason', 'text'],
  ['ip', 'plain'],
  ['user_agent', 'text'],
  ['client_request_id', 'text'],
  ['duration_micros', 'plain'],
  ['response_bytes', 'plain'],
  ['quota_charged', 'plain'],
  ['replayed', 'plain'],
  ['occurrences', 'plain'],
  ['completes', 'plain'],
] as const satisfies readonly (readonly [keyof LogRow, 'plain' | 'text'])[];

export const COLUMN_COUNT = COLUMNS.length;

/** Their names. */
export const COLUMN_NAMES: readonly (keyof LogRow)[] = COLUMNS.map(([name]) => name);

/**
 * Rows as one array per column, in PostgreSQL's own notation: half the bytes of JSON, and half the time to write
 * and to read them.
 */
export function encodeRows(rows: readonly LogRow[]): string[] {
  return COLUMNS.map(([name, kind]) => {
    let array = '{';
    for (let i = 0; i < rows.length; i++) {
      const value = rows[i]?.[name] ?? null;
      if (i > 0) array += ',';
      if (value === null) array += 'NULL';
      else array += kind === 'text' ? quoted(String(value)) : String(value);
    }
    return `${array}}`;
  });
}

const SPECIAL = /["\\]/;

function quoted(text: string): string {
  return SPECIAL.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
