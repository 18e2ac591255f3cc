import { NotFound } from '../../platform/errors/index.js';
import { KEPT_REQUESTS } from '../kept-requests.js';
import type { BoundedQuery } from './bounded-read.js';
import { Conditions } from './conditions.js';
import { addScope, type LogScope } from './log-reader.js';

/** That the logs of a scope know a key (UUID), which may be deleted: every key was made once. @throws NotFound */
export async function assertKeyIsKnown(query: BoundedQuery, keyId: string, scope: LogScope): Promise<void> {
  const changed = addScope(new Conditions(), scope).add(`entity = 'key' AND entity_id = ?`, keyId);
  const asked = addScope(new Conditions(), scope).add('key_id = ?', keyId);
  for (const [log, where] of [
    ['change_log', changed],
    [KEPT_REQUESTS, asked],
  ] as const) {
    const [row] = await query(`SELECT 1 FROM ${log} WHERE ${where.sql} LIMIT 1`, where.values);
    if (row) return;
  }
  throw new NotFound();
}
