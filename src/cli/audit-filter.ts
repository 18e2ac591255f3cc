import type { LogScope } from '../audit/index.js';
import type { Transaction } from '../platform/database/index.js';
import type { CommonOptions } from './answer.js';
import { organizationFor } from './find.js';
import { given } from './given.js';

export interface PageOptions extends CommonOptions {
  readonly limit?: string;
  readonly cursor?: string;
  readonly oldestFirst?: boolean;
}

export interface WhoseOptions {
  readonly organization?: string;
}

export interface FilterOptions extends WhoseOptions {
  readonly key?: string;
  readonly member?: string;
  readonly store?: string;
  readonly role?: string;
  readonly method?: string;
  readonly route?: string;
  readonly status?: string;
  readonly errorCode?: string;
  readonly ip?: string;
  readonly text?: string;
  readonly outcome?: string;
}

/** The options as the API's parameters. */
export function filterOf(options: FilterOptions): Record<string, string> {
  const { key, member, store, role, method, route, status, errorCode, ip, text, outcome } = options;
  const named = { keyId: key, memberId: member, storeId: store, roleId: role, q: text };
  return given({ ...named, method, route, status, errorCode, ip, outcome });
}

export function pageOf({ limit, cursor, oldestFirst }: PageOptions): Record<string, string> {
  const sortOrder = oldestFirst ? 'asc' : undefined;
  return given({ limit, cursor, sortOrder });
}

/** Whose rows are meant. @throws CommandError */
export async function scopeFor(tx: Transaction, { organization }: WhoseOptions): Promise<LogScope> {
  if (organization === 'none') return { organizationId: null };
  return { organizationId: (await organizationFor(tx, organization)).id };
}
