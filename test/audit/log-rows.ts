import { randomBytes } from 'node:crypto';
import { fromPublicId, type IdKind, toPublicId } from '../../src/platform/ids/index.js';
import { type Answer, call, json } from '../support/http-client.js';
import type { TestApp, TestKey } from '../support/test-app.js';

/** A column's value, by the column's name. */
export type Columns = Readonly<Record<string, unknown>>;

/** A UUIDv7 of a millisecond. */
export function uuidAt(at: number): string {
  const hex = at.toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}

export const uuidOf = (kind: IdKind, publicId: string): string => fromPublicId(kind, publicId) ?? '';

let position = 0;

/** Puts a request of a key into the log by hand, and answers its public id. */
export async function logRequest(
  app: TestApp,
  key: TestKey,
  at: number,
  columns: Columns = {},
): Promise<string> {
  const row: Columns = {
    at: new Date(at),
    request_id: uuidAt(at),
    writer: 0,
    batch_no: 0,
    position: position++,
    organization_id: uuidOf('organization', key.organizationId),
    store_id: uuidOf('store', key.storeId),
    key_id: uuidOf('key', key.id),
    key_name: 'Test key',
    method: 'GET',
    route: '/api/v1/campaigns',
    path: '/api/v1/campaigns',
    status: 200,
    answered: 200,
    outcome: 'answered',
    ip: '192.0.2.1',
    duration_micros: 1_000,
    response_bytes: 100,
    quota_charged: 1,
    replayed: false,
    occurrences: 1,
    ...columns,
  };
  const names = Object.keys(row);
  await app.sql(
    `INSERT INTO request_log (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
  return toPublicId('request', String(row['request_id']));
}

/** Makes sure that the log has a place for a day. */
export async function ensureDay(app: TestApp, at: number): Promise<void> {
  await app.sql('SELECT audit_ensure_partitions($1::date, 1)', [new Date(at).toISOString().slice(0, 10)]);
}

export interface LoggedRequest {
  readonly requestId: string;
  readonly at: string;
  readonly keyId: string | null;
  readonly path: string;
  readonly status: number;
}

export interface Page<T> {
  readonly data: T[];
  readonly pagination: {
    readonly page: null;
    readonly totalCount: number | null;
    readonly hasMore: boolean;
    readonly nextCursor: string | null;
  };
}

/** Asks for a page with a query; the answer must be one. */
export async function pageOf<T = LoggedRequest>(app: TestApp, token: string, path: string): Promise<Page<T>> {
  const answer = await call(app.url, `/api/v1${path}`, { token });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return json<Page<T>>(answer);
}

/** Every item of a list, page by page. */
export async function allOf<T = LoggedRequest>(app: TestApp, token: string, path: string): Promise<T[]> {
  const found: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page<T> = await pageOf(app, token, cursor === '' ? path : `${path}&cursor=${cursor}`);
    found.push(...page.data);
    cursor = page.pagination.nextCursor;
  }
  return found;
}

/** The faults that a refused query is told. */
export function faultsOf(answer: Answer): [field: string, reason: string][] {
  const { error } = json<{ error: { details: { errors: { field: string; reason: string }[] } } }>(answer);
  return error.details.errors.map(({ field, reason }) => [field, reason]);
}
