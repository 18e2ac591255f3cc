import { isIP } from 'node:net';
import { type FieldError, InvalidInput } from '../../platform/errors/index.js';
import { type Level, LEVELS, normaliseAddress } from '../../platform/http/index.js';
import { EnumField, IdField, TextField } from '../../platform/http/input/index.js';
import { toPublicId } from '../../platform/ids/index.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Method = (typeof METHODS)[number];

/** Who asks (a key or a role) and for what: a route by method and path, or a level on a resource. */
export class SimulationInput {
  @IdField('key', { optional: true, description: 'The key that asks; or `roleId`.' }) keyId?: string;
  @TextField({
    max: 64,
    optional: true,
    description: 'A role, by id or a built-in one’s name: any live key with it, unnarrowed, asks.',
    example: 'read-only',
  })
  roleId?: string;
  @EnumField({
    values: METHODS,
    optional: true,
    description: 'With `path`; or `resource` and `level`.',
    example: 'GET',
  })
  method?: Method;
  @TextField({
    max: 2_000,
    pattern: /^\/[^\s#\\]*$/,
    patternReason: 'must be a path, e.g. /api/v1/campaigns',
    optional: true,
    description:
      'As a client sends it, or a route’s template: `{storeId}` stands for `storeId`, or else the key’s own store.',
    example: '/api/v1/campaigns',
  })
  path?: string;
  @TextField({
    max: 100,
    optional: true,
    description: 'A resource, as `GET /resources` lists it.',
    example: 'content.campaigns',
  })
  resource?: string;
  @EnumField({ values: LEVELS.slice(1), optional: true, description: 'The level needed on `resource`.' })
  level?: Level;
  @IdField('store', {
    optional: true,
    description: 'The store to act in, where the path does not name it. For keys alone.',
  })
  storeId?: string;
  @TextField({
    max: 45,
    optional: true,
    description: 'Where the key asks from; without it no address is refused. For keys alone.',
    example: '192.0.2.7',
  })
  ipAddress?: string;
}

/** For what is asked. */
export type Target =
  | { readonly kind: 'route'; readonly method: Method; readonly path: string }
  | { readonly kind: 'level'; readonly resource: string; readonly level: Level };

/** Who asks. */
export type Subject =
  { readonly kind: 'key'; readonly keyId: string } | { readonly kind: 'role'; readonly reference: string };

/** An input that is one question. */
export interface Question {
  readonly subject: Subject;
  readonly target: Target;
  /** Public id. */
  readonly storeId: string | null;
  readonly address: string | null;
}

const STORE_PLACEHOLDER = '{storeId}';

/** Makes one question of the input, or refuses it with all that it lacks or says twice. @throws InvalidInput */
export function questionOf(input: SimulationInput): Question {
  const errors: FieldError[] = [];
  const subject = subjectOf(input, errors);
  const target = targetOf(input, errors);
  const ofRole = subject?.kind === 'role';
  for (const field of ['storeId', 'ipAddress'] as const) {
    if (ofRole && input[field] !== undefined) errors.push({ field, reason: 'is for keys alone' });
  }
  if (input.storeId !== undefined && target?.kind === 'route' && !target.path.includes(STORE_PLACEHOLDER)) {
    errors.push({ field: 'storeId', reason: `is not used: the path has no ${STORE_PLACEHOLDER}` });
  }
  if (input.ipAddress !== undefined && isIP(input.ipAddress) === 0) {
    errors.push({ field: 'ipAddress', reason: 'must be an address, v4 or v6' });
  }
  const [first, ...rest] = errors;
  if (first) throw new InvalidInput([first, ...rest]);
  if (!subject || !target) throw new Error('A question without a fault lacks a part.');
  return {
    subject,
    target,
    storeId: input.storeId === undefined ? null : toPublicId('store', input.storeId),
    address: input.ipAddress === undefined ? null : normaliseAddress(input.ipAddress),
  };
}

/** The path with its store in the placeholder's place. */
export function inStore(path: string, storeId: string): string {
  return path.replace(STORE_PLACEHOLDER, storeId);
}

function subjectOf({ keyId, roleId }: SimulationInput, errors: FieldError[]): Subject | undefined {
  if (keyId !== undefined && roleId !== undefined) {
    errors.push({ field: 'roleId', reason: 'must not be given together with keyId' });
  } else if (keyId !== undefined) {
    return { kind: 'key', keyId };
  } else if (roleId !== undefined) {
    return { kind: 'role', reference: roleId };
  } else {
    errors.push({ field: 'keyId', reason: 'is required where there is no roleId' });
  }
  return undefined;
}

function targetOf(
  { method, path, resource, level }: SimulationInput,
  errors: FieldError[],
): Target | undefined {
  const byLevel = resource !== undefined || level !== undefined;
  if (byLevel) {
    const reason = 'must not be given together with resource and level';
    if (method !== undefined) errors.push({ field: 'method', reason });
    if (path !== undefined) errors.push({ field: 'path', reason });
    if (resource === undefined) errors.push({ field: 'resource', reason: 'is required with level' });
    else if (level === undefined) errors.push({ field: 'level', reason: 'is required with resource' });
    else return { kind: 'level', resource, level };
    return undefined;
  }
  if (method === undefined)
    errors.push({ field: 'method', reason: 'is required where there is no resource' });
  else if (path === undefined) errors.push({ field: 'path', reason: 'is required with method' });
  else return { kind: 'route', method, path };
  return undefined;
}
