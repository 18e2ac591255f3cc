import { Database, type Transaction } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import {
  CreateStoreInput,
  ListStoresQuery,
  presentStore,
  type Store,
  type StoreResponse,
  StoresService,
  TenantsService,
} from '../tenants/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { confirm } from './confirm.js';
import { organizationFor, organizationNamed } from './find.js';
import { facts, table } from './format.js';
import { given, pageText } from './given.js';
import { storeNamed } from './stores.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

export interface ListStoresOptions extends CommonOptions {
  readonly organization?: string;
  readonly kind?: string;
  readonly page: string;
  readonly limit: string;
}

/** `gatehouse stores list` */
export function listStores(options: ListStoresOptions): Promise<Answer> {
  const { organization: publicId, kind, page, limit } = options;
  return withApplication(async (app) => {
    const { manager } = app.get(Database);
    const organization = publicId === undefined ? undefined : await organizationNamed(manager, publicId);
    const query = readInput(ListStoresQuery, given({ kind, page, limit }), 'query');
    const found = await app.get(StoresService).page(query, organization?.id);
    if (found.data.length === 0) return { document: found, text: 'No store fits.' };
    const rows = found.data.map(({ id, name, kind, organizationId }) => [id, name, kind, organizationId]);
    const columns = table(['ID', 'NAME', 'KIND', 'ORGANIZATION'], rows);
    return { document: found, text: `${columns}\n\n${pageText('store', found)}` };
  });
}

/** `gatehouse stores show` */
export function showStore(publicId: string): Promise<Answer> {
  return withApplication(async (app) => stored(await storeNamed(app.get(Database).manager, publicId)));
}

/** `gatehouse stores create` */
export function createStore({
  name,
  organization: publicId,
}: CommonOptions & { readonly name: string; readonly organization?: string }): Promise<Answer> {
  const input = readInput(CreateStoreInput, { name }, 'body');
  return changing('create', async (tx, { tenants }) => {
    const organization = await organizationFor(tx, publicId);
    return stored(await tenants.createStore(tx, organization.id, input.name));
  });
}

/** `gatehouse stores rename` */
export function renameStore(publicId: string, name: string): Promise<Answer> {
  const input = readInput(CreateStoreInput, { name }, 'body');
  return changing('rename', async (tx, { stores }) =>
    stored(await stores.rename(tx, await locked(tx, stores, publicId), input.name)),
  );
}

/** `gatehouse stores create-sandbox` */
export function createSandbox(publicId: string): Promise<Answer> {
  return changing('create-sandbox', async (tx, { stores, tenants }) =>
    stored(await tenants.createSandbox(tx, await locked(tx, stores, publicId))),
  );
}

/** `gatehouse stores reset` */
export async function resetStore(
  publicId: string,
  { yes, json }: CommonOptions & { readonly yes?: boolean },
): Promise<Answer> {
  if (!yes) await confirm(`Empty the sandbox ${publicId}? Its keys stay.`, json);
  return changing('reset', async (tx, { stores }) => {
    const reset = await stores.reset(tx, await locked(tx, stores, publicId));
    const counts = Object.entries(reset.cleared).map(([what, count]) => `${what} ${count}`);
    return { document: reset, text: `Emptied "${reset.name}": ${counts.join(', ')}.` };
  });
}

interface Services {
  readonly stores: StoresService;
  readonly tenants: TenantsService;
}

function changing(
  command: string,
  work: (tx: Transaction, services: Services) => Promise<Answer>,
): Promise<Answer> {
  return withApplication((app) => {
    const services = { stores: app.get(StoresService), tenants: app.get(TenantsService) };
    const reason = `gatehouse stores ${command}`;
    return app.get(Database).write({ actor: CLI_ACTOR, reason }, (tx) => work(tx, services));
  });
}

async function locked(tx: Transaction, stores: StoresService, publicId: string): Promise<Store> {
  return stores.get(tx, (await storeNamed(tx, publicId)).id, 'lock');
}

function stored(store: Store): Answer {
  const view: StoreResponse = presentStore(store);
  const text = facts([
    ['Id', view.id],
    ['Name', view.name],
    ['Kind', view.liveStoreId === null ? view.kind : `${view.kind} of ${view.liveStoreId}`],
    ['Organization', view.organizationId],
  ]);
  return { document: view, text };
}
