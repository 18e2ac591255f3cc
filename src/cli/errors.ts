import { AppError } from '../platform/errors/index.js';
import { InvalidConfig } from '../platform/config/index.js';
import { isUnavailable, sqlState } from '../platform/database/index.js';
import { EmbeddedPostgresError } from '../platform/database/embedded/index.js';

/** A failure that only the command line knows, worded for whoever typed the command. */
export class CommandError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

/** What is told of a failure. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** The options behind the fields that the API names. */
const OPTION_OF: Readonly<Record<string, string>> = {
  name: '--name',
  roleId: '--role',
  permissions: '--permissions',
  expiresIn: '--expires-in',
  expiresAt: '--expires-at',
  ipAllowlist: '--ip',
  metadata: '--metadata',
  ownerId: '--owner',
  limits: 'the limit',
  ids: '--id',
  unusedSince: '--unused-since',
  unusedDays: '--unused-days',
  expiringBefore: '--expiring-before',
  rotationDue: '--rotation-due',
  search: '--search',
  filter: 'the filter',
  graceSeconds: '--grace',
  reason: '--reason',
  status: '--status',
  page: '--page',
  limit: '--limit',
  password: 'the password',
  email: 'the address',
  kind: '--kind',
  plan: '--plan',
  admin: '--admin',
  idleKeyDays: '--idle-key-days',
  description: '--description',
  grants: '--grants',
  policies: '--policy',
  keyId: '--key',
  method: '--method',
  path: '--path',
  resource: '--resource',
  level: '--level',
  storeId: '--store',
  from: '--from',
  to: '--to',
  granularity: '--granularity',
  ipAddress: '--ip',
};

/** SQLSTATEs of a database that answers and will not let us in: wrong password, no such role or database, no right. */
const REFUSED = /^(28|3D|42501)/;

/** Tells any failure in one line: its code, and words that name options rather than fields. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommandError) return { code: error.code, message: error.message };
  if (error instanceof AppError) return { code: error.code, message: messageOf(error) };
  if (error instanceof InvalidConfig) {
    return {
      code: 'INVALID_CONFIG',
      message: `The configuration is not usable: ${error.problems.join('; ')}`,
    };
  }
  const words = oneLine(error);
  if (error instanceof EmbeddedPostgresError) return { code: 'DATABASE_UNAVAILABLE', message: words };
  if (isUnavailable(error))
    return { code: 'DATABASE_UNAVAILABLE', message: `The database does not answer: ${words}` };
  if (REFUSED.test(sqlState(error) ?? '')) {
    return { code: 'DATABASE_REFUSED', message: `The database refuses: ${words}` };
  }
  return { code: 'INTERNAL_ERROR', message: `Something unexpected happened: ${words}` };
}

function messageOf(error: AppError): string {
  const faults: unknown = error.details?.['errors'];
  if (!Array.isArray(faults)) return error.message;
  return (faults as { field: string; reason: string }[])
    .map(({ field, reason }) => `${optionOf(field)} ${reason}`)
    .join('; ');
}

/** `permissions.content` is `--permissions content`, `ipAllowlist[0]` is `--ip`, `filter.search` is `--search`. */
function optionOf(field: string): string {
  const [, name = field, inside = ''] = /^(?:filter\.)?(\w+)(?:\[\d+\]|\.(.+))?$/.exec(field) ?? [];
  return `${OPTION_OF[name] ?? name}${inside && ` ${inside}`}`;
}

/** A refused connection to several addresses says what went wrong in its parts alone. */
function oneLine(error: unknown): string {
  const parts = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  const words = parts.map((part) => (part instanceof Error ? part.message : String(part)));
  return [...new Set(words)].join('; ').replace(/\s+/g, ' ').trim();
}
