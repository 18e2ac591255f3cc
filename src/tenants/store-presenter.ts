import { toPublicId, toPublicIdOrNull } from '../platform/ids/index.js';
import type { StoreResponse } from './dto/store.js';
import type { Store } from './store.entity.js';

/** A store as the API shows it. */
export function presentStore(store: Store): StoreResponse {
  return {
    id: toPublicId('store', store.id),
    organizationId: toPublicId('organization', store.organizationId),
    name: store.name,
    kind: store.kind,
    liveStoreId: toPublicIdOrNull('store', store.liveStoreId),
    createdAt: store.createdAt.toISOString(),
    updatedAt: store.updatedAt.toISOString(),
  };
}
