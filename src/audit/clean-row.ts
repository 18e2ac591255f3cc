import type { RowEvidence } from './evidence/seal-batch.js';
import type { LogRow } from './log-row.js';

/** What is cleaned of a row, and what of it the lane has made already. */
interface Cleanable {
  readonly row: LogRow;
  usedLevel: boolean;
  evidence?: RowEvidence;
}

/** The reason of a row that PostgreSQL did not take as it was. */
const UNREADABLE = 'row_unreadable';

/** What callers have written. */
const FREE_TEXTS: Partial<LogRow> = {
  path: '',
  query: null,
  user_agent: null,
  client_request_id: null,
  key_name: null,
  reason: UNREADABLE,
};

/** All that may be left out: what remains are ids of ours, times and figures, and nothing of it counts as a use. */
const WHAT_CAN_GO: Partial<LogRow> = {
  ip: '0.0.0.0',
  key_preview: null,
  secret_id: null,
  role_id: null,
  role_version: null,
  route: null,
  operation: null,
  resource: null,
  level: null,
  effective_level: null,
  error_code: null,
  response_bytes: null,
};

/**
 * Takes from a row that PostgreSQL refused what may be the cause: first what callers have written, then all that may
 * be left out. The row is flagged; its evidence is made anew.
 * @returns false where nothing is left to take
 */
export function cleanRow(pending: Cleanable): boolean {
  const { row } = pending;
  if (row.reason !== UNREADABLE) Object.assign(row, FREE_TEXTS);
  else if (pending.usedLevel || row.secret_id !== null || row.ip !== WHAT_CAN_GO.ip) {
    Object.assign(row, WHAT_CAN_GO);
    pending.usedLevel = false;
  } else return false;
  delete pending.evidence;
  return true;
}
