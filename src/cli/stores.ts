import type { Transaction } from '../platform/database/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import { Store } from '../tenants/index.js';
import { CommandError } from './errors.js';

/** The store with that public id. @throws CommandError */
export async function storeNamed(tx: Transaction, publicId: string): Promise<Store> {
  const id = fromPublicId('store', publicId);
  const store = id === undefined ? null : await tx.findOneBy(Store, { id });
  if (!store) throw new CommandError('NOT_FOUND', `There is no store ${publicId}.`);
  return store;
}

/**
 * The store that a new key is for: the one named, or the first live store; with `sandbox` the sandbox of that.
 * @throws CommandError where there is none
 */
export async function storeForKey(
  tx: Transaction,
  { store: publicId, sandbox }: { store?: string; sandbox?: boolean },
): Promise<Store> {
  const store = publicId === undefined ? await firstLiveStore(tx) : await storeNamed(tx, publicId);
  if (!sandbox || store.kind === 'sandbox') return store;
  const paired = await tx.findOneBy(Store, { liveStoreId: store.id });
  if (!paired) throw new CommandError('NOT_FOUND', `The store "${store.name}" has no sandbox.`);
  return paired;
}

/** UUIDv7 grows with time: the first id is the oldest store. */
async function firstLiveStore(tx: Transaction): Promise<Store> {
  const [store] = await tx.find(Store, { where: { kind: 'live' }, order: { id: 'ASC' }, take: 1 });
  if (!store)
    throw new CommandError('NOT_FOUND', 'There is no store yet: start the server once (npm start).');
  return store;
}
