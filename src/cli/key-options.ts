import { InvalidInput } from '../platform/errors/index.js';
import type { CommonOptions } from './answer.js';

/** What keys are looked for by. */
export interface KeyFilterOptions extends CommonOptions {
  readonly role?: string;
  readonly owner?: string;
  readonly unusedSince?: string;
  readonly unusedDays?: string;
  readonly expiringBefore?: string;
  readonly rotationDue?: boolean;
  readonly search?: string;
}

/** What a new key and a changed one have in common; false stands for `--no-…`. */
export interface KeyFieldOptions extends CommonOptions {
  readonly name?: string;
  readonly role?: string;
  /** JSON. */
  readonly permissions?: string;
  readonly expiresIn?: string;
  readonly expiresAt?: string;
  readonly ip?: readonly string[] | false;
  readonly owner?: string | false;
  readonly hourLimit?: string | false;
  readonly dayLimit?: string | false;
  /** `name=value` each. */
  readonly metadata?: readonly string[];
}

/** The filter as in the query string of the API's list; without what was not given. */
export function filterQuery(options: KeyFilterOptions): Record<string, string> {
  const { role, owner, unusedSince, unusedDays, expiringBefore, rotationDue, search } = options;
  return given({
    roleId: role,
    ownerId: owner,
    unusedSince,
    unusedDays,
    expiringBefore,
    rotationDue: rotationDue ? 'true' : undefined,
    search,
  });
}

/** The filter as in the body of the API's calls to many keys. */
export function filterBody({
  id,
  ...options
}: KeyFilterOptions & { readonly id?: readonly string[] }): Record<string, unknown> {
  const { unusedDays, rotationDue, ...texts } = filterQuery(options);
  return given({
    ...texts,
    ids: id,
    unusedDays: numberIn(unusedDays),
    rotationDue: rotationDue === undefined ? undefined : true,
  });
}

/** The fields as in the API's bodies. @throws InvalidInput for what has not the form of its option */
export function fieldsBody(options: KeyFieldOptions): Record<string, unknown> {
  return given<unknown>({
    name: options.name,
    roleId: options.role,
    permissions: permissionsOf(options.permissions),
    expiresIn: options.expiresIn,
    expiresAt: options.expiresAt,
    ipAllowlist: options.ip === false ? null : options.ip,
    ownerId: options.owner === false ? null : options.owner,
    limits: limitsBody(options),
    metadata: metadataOf(options.metadata),
  });
}

function limitsBody({ hourLimit, dayLimit }: KeyFieldOptions): Record<string, unknown> | undefined {
  const limits = given<unknown>({
    hour: hourLimit === false ? null : numberIn(hourLimit),
    day: dayLimit === false ? null : numberIn(dayLimit),
  });
  return Object.keys(limits).length === 0 ? undefined : limits;
}

/** A number; what is none goes on as it is, to be refused in the words of the rule. */
export function numberIn(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;
}

/** Without what was not given: the input's classes tell absent from undefined. */
export function given<T>(body: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, T] => entry[1] !== undefined),
  );
}

function permissionsOf(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new InvalidInput([{ field: 'permissions', reason: `must be JSON, e.g. '{"content":"read"}'` }]);
  }
}

function metadataOf(pairs: readonly string[] | undefined): Record<string, string> | undefined {
  return pairs && Object.fromEntries(pairs.map(pairOf));
}

function pairOf(text: string): [string, string] {
  const end = text.indexOf('=');
  if (end < 1) {
    throw new InvalidInput([
      { field: 'metadata', reason: 'must have the form name=value, e.g. team=growth' },
    ]);
  }
  return [text.slice(0, end), text.slice(end + 1)];
}
