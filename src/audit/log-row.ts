import {
  conventionalAgent,
  conventionalId,
  type Outcome,
  type RequestContext,
} from '../platform/http/index.js';
import { loggedQuery } from '../platform/http/input/index.js';
import { scrub } from '../platform/logging/index.js';

/** A row of the request log, named as its columns are. */
export interface LogRow {
  /** Milliseconds since the epoch. */
  at: number;
  request_id: string;
  organization_id: string | null;
  store_id: string | null;
  key_id: string | null;
  key_name: string | null;
  key_preview: string | null;
  secret_id: string | null;
  member_id: string | null;
  role_id: string | null;
  role_version: number | null;
  method: string;
  route: string | null;
  operation: string | null;
  path: string;
  query: string | null;
  resource: string | null;
  /** What the route needs. */
  level: string | null;
  /** What the principal had of the resource, as it was evaluated. */
  effective_level: string | null;
  status: number;
  answered: number | null;
  outcome: 'answered' | 'client_gone' | 'streaming' | 'completed' | 'late' | 'unknown';
  error_code: string | null;
  reason: string | null;
  /** Null where nobody knows it: of an outcome that is unknown. */
  ip: string | null;
  user_agent: string | null;
  client_request_id: string | null;
  duration_micros: number;
  response_bytes: number | null;
  quota_charged: number;
  replayed: boolean;
  occurrences: number;
  completes: string | null;
}

/** An unmatched path knows no parameter. */
const NONE: ReadonlySet<string> = new Set();

const MAX_TEXT = 2_048;
const MAX_DURATION_MICROS = 2_147_483_647;

/** Makes the row of a request. Free text is cleaned (no NUL, no lone surrogate), bounded, and holds no token. */
export function logRowOf(context: RequestContext, outcome: Outcome): LogRow {
  const { principal, presented, store } = context;
  const key = principal?.kind === 'key' ? principal : undefined;
  const resource = context.route?.resource ?? null;
  return {
    at: context.at,
    request_id: context.uuid,
    organization_id: store?.organizationId ?? principal?.organizationId ?? presented?.organizationId ?? null,
    store_id: store?.storeId ?? key?.storeId ?? presented?.storeId ?? null,
    key_id: key?.id ?? presented?.keyId ?? null,
    key_name: key?.name ?? presented?.keyName ?? null,
    key_preview: key?.preview ?? presented?.preview ?? null,
    secret_id: key?.credential.secretId ?? presented?.secretId ?? null,
    member_id: principal?.kind === 'member' ? principal.id : null,
    role_id: principal?.roleId ?? null,
    role_version: principal?.roleVersion ?? null,
    method: context.method,
    route: context.routePath,
    operation: context.route?.operation ?? null,
    path: cleanText(context.path) ?? '',
    query: cleanText(loggedQuery(context.query, context.route?.loggedParameters ?? NONE)),
    resource,
    level: context.route && !context.route.public ? context.route.level : null,
    effective_level: resource === null || !principal ? null : principal.effective(resource).level,
    status: outcome.status,
    answered: outcome.clientGone ? null : outcome.status,
    outcome: outcome.clientGone ? 'client_gone' : outcome.responseBytes === null ? 'streaming' : 'answered',
    error_code: context.failure?.code ?? null,
    reason: cleanText(context.failure?.reason),
    ip: context.ip,
    user_agent: cleanText(keptOf(context.request.headers['user-agent'], conventionalAgent)),
    client_request_id: cleanText(keptOf(context.clientRequestId, conventionalId)),
    duration_micros: Math.min(MAX_DURATION_MICROS, Math.round(outcome.durationMs * 1000)),
    response_bytes: outcome.responseBytes,
    quota_charged: context.quotaCharged,
    replayed: context.replayed,
    occurrences: 1,
    completes: null,
  };
}

function keptOf(header: string | null | undefined, kept: (header: string) => string): string | null {
  return header === null || header === undefined ? null : kept(header);
}

/** Text that PostgreSQL takes and that tells no secret. */
export function cleanText(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  const printable = text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
  // scrubbed before it is cut: half a token would not be recognised
  const scrubbed = scrub(printable.toWellFormed());
  return scrubbed.length > MAX_TEXT ? scrubbed.slice(0, MAX_TEXT).toWellFormed() : scrubbed;
}
