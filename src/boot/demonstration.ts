import type { INestApplicationContext } from '@nestjs/common';
import { insertDemoAnalytics } from '../analytics/index.js';
import { insertDemoContent } from '../content/index.js';
import { KeysService } from '../keys/index.js';
import type { Actor, Transaction } from '../platform/database/index.js';
import { BUILTIN_ROLES } from '../roles/index.js';
import { type Store, TenantsService } from '../tenants/index.js';

/** A working key for each environment. */
export interface DemonstrationKeys {
  readonly live: string;
  readonly test: string;
}

export interface Demonstration {
  readonly organizationId: string;
  readonly keys: DemonstrationKeys;
}

/**
 * Something to look at: one organization with two live stores and a sandbox, some hundred campaigns with
 * what goes with them and a year of what happened with visitors, a key for each environment, and a second,
 * smaller one on the starter plan.
 */
export async function createDemonstration(
  app: INestApplicationContext,
  tx: Transaction,
  actor: Actor,
): Promise<Demonstration> {
  const tenants = app.get(TenantsService);
  const fjord = await tenants.createOrganization(tx, { name: 'Fjord & Pine', planId: 'hourly-scale' });
  const outdoor = await tenants.createStore(tx, fjord.id, 'Fjord & Pine Outdoor');
  const kitchen = await tenants.createStore(tx, fjord.id, 'Fjord & Pine Kitchen');
  const sandbox = await tenants.createSandbox(tx, outdoor);
  await insertDemoContent(tx, outdoor.id, { slug: 'outdoor', campaigns: 180, seed: 1 });
  await insertDemoContent(tx, kitchen.id, { slug: 'kitchen', campaigns: 90, seed: 2 });
  await insertDemoContent(tx, sandbox.id, { slug: 'outdoor-sandbox', campaigns: 30, seed: 3 });
  await insertDemoAnalytics(tx, outdoor.id, { seed: 1, visitsPerDay: 9, impressionsPerDay: 60 });
  await insertDemoAnalytics(tx, kitchen.id, { seed: 2, visitsPerDay: 4, impressionsPerDay: 24 });
  await insertDemoAnalytics(tx, sandbox.id, { seed: 3, visitsPerDay: 1, impressionsPerDay: 3 });

  const bakery = await tenants.createOrganization(tx, { name: 'Corner Bakery', planId: 'starter' });
  const shop = await tenants.createStore(tx, bakery.id, 'Corner Bakery');
  await insertDemoContent(tx, shop.id, { slug: 'bakery', campaigns: 24, seed: 4 });
  await insertDemoAnalytics(tx, shop.id, { seed: 4, visitsPerDay: 1, impressionsPerDay: 3 });

  const createKey = async (store: Store, name: string) => {
    const { token } = await app
      .get(KeysService)
      .create(tx, store, { name, roleId: roleId('read-write'), ...NOTHING_SPECIAL }, actor);
    return token;
  };
  await createKey(kitchen, 'Kitchen newsletter');
  await createKey(shop, 'Daily export');
  const keys = {
    live: await createKey(outdoor, 'Demonstration'),
    test: await createKey(sandbox, 'Demonstration (test)'),
  };
  return { organizationId: fjord.id, keys };
}

const NOTHING_SPECIAL = { permissions: null, expiresAt: null, ipAllowlist: null, metadata: {} };

function roleId(name: string): string {
  const role = BUILTIN_ROLES.find((builtin) => builtin.name === name);
  if (!role) throw new Error(`There is no built-in role "${name}".`);
  return role.id;
}
