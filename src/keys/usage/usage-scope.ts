import type { Transaction } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import type { SubjectQuota } from '../../plans/index.js';
import { Store } from '../../tenants/index.js';
import type { UsageReader } from './usage-reader.js';
import type { UsageSubjectResponse } from './usage.response.js';

/** Whose quota is told of, and the stores whose use is added up. */
export interface UsageScope {
  /** UUID of the organization or of the sandbox. */
  readonly subject: string;
  readonly stores: readonly Store[];
}

/**
 * The named store; for a test key its sandbox; else every live store of the organization.
 * @throws NotFound for a store that is out of the reader's reach
 */
export async function usageScope(
  tx: Transaction,
  reader: UsageReader,
  storeId: string | undefined,
): Promise<UsageScope> {
  const named = storeId ?? reader.storeId;
  const store = named === null ? null : await tx.findOneBy(Store, { id: named });
  if (storeId !== undefined && !(store && reachesStore(reader, store))) throw new NotFound('foreign store');
  if (store && (storeId !== undefined || store.kind === 'sandbox')) return scopeOf(store);
  const { organizationId } = reader;
  return { subject: organizationId, stores: await tx.findBy(Store, { organizationId, kind: 'live' }) };
}

/** One store alone. */
export function scopeOf(store: Store): UsageScope {
  return { subject: store.quotaSubject, stores: [store] };
}

export function reachesStore(
  { organizationId, storeId }: UsageReader,
  store: { readonly organizationId: string; readonly id: string },
): boolean {
  return store.organizationId === organizationId && (storeId === null || store.id === storeId);
}

export function presentSubject(
  { subject, stores }: UsageScope,
  organizationId: string,
  { organizationName }: SubjectQuota,
): UsageSubjectResponse {
  if (subject === organizationId) {
    return { kind: 'organization', id: toPublicId('organization', subject), name: organizationName };
  }
  const sandbox = stores.find(({ id }) => id === subject);
  return { kind: 'sandbox', id: toPublicId('store', subject), name: sandbox?.name ?? '' };
}
