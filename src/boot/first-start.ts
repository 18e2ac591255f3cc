import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { MembersService, newPasswordProblem } from '../members/index.js';
import { PlansService } from '../plans/index.js';
import { type Config, InvalidConfig } from '../platform/config/index.js';
import { type Actor, Database, type Transaction } from '../platform/database/index.js';
import { BUILTIN_ROLES, RolesService } from '../roles/index.js';
import { Organization, TenantsService } from '../tenants/index.js';
import { createDemonstration, type DemonstrationKeys } from './demonstration.js';

const ACTOR: Actor = { type: 'system', id: 'first-start' };
const ADMIN_NAME = 'Administrator';
/** Any number: the advisory lock that lets one of several first starts do the work. */
const FIRST_START_LOCK = 7_406_210_554;

/** What a first start made, to be shown once. */
export interface FirstStart {
  readonly adminEmail: string;
  readonly adminPassword: string;
  /** Present with the demonstration. */
  readonly keys: DemonstrationKeys | undefined;
}

/**
 * Brings built-in roles and plans into the database, and gives an empty one its first organization with an
 * administrator, who is also the operator. Undefined where there were organizations already.
 * @throws InvalidConfig for a GATEHOUSE_ADMIN_PASSWORD that everybody would try
 */
export async function firstStart(
  app: INestApplicationContext,
  config: Config,
): Promise<FirstStart | undefined> {
  return app.get(Database).write({ actor: ACTOR }, async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [FIRST_START_LOCK]);
    await app.get(RolesService).seedBuiltins(tx);
    await app.get(PlansService).seedCatalogue(tx);
    if ((await tx.count(Organization)) > 0) return undefined;

    assertAdminPassword(config);
    const adminPassword = config.adminPassword ?? randomBytes(12).toString('base64url');
    const demonstration = config.demo ? await createDemonstration(app, tx, ACTOR) : undefined;
    const organizationId = demonstration?.organizationId ?? (await createFirstOrganization(app, tx));
    await createAdmin(app, tx, organizationId, config.adminEmail, adminPassword);
    return { adminEmail: config.adminEmail, adminPassword, keys: demonstration?.keys };
  });
}

/** In the setting's own name, before anything is made. */
function assertAdminPassword({ adminEmail: email, adminPassword }: Config): void {
  if (adminPassword === undefined) return;
  const problem = newPasswordProblem(adminPassword, { email, name: ADMIN_NAME });
  if (problem !== undefined) throw new InvalidConfig([`GATEHOUSE_ADMIN_PASSWORD ${problem}`]);
}

/** One organization, one live store with its sandbox. */
async function createFirstOrganization(app: INestApplicationContext, tx: Transaction): Promise<string> {
  const tenants = app.get(TenantsService);
  const organization = await tenants.createOrganization(tx, {
    name: 'My organization',
    planId: 'hourly-enterprise',
  });
  const store = await tenants.createStore(tx, organization.id, 'Main');
  await tenants.createSandbox(tx, store);
  return organization.id;
}

async function createAdmin(
  app: INestApplicationContext,
  tx: Transaction,
  organizationId: string,
  email: string,
  password: string,
): Promise<void> {
  const role = BUILTIN_ROLES.find(({ name }) => name === 'admin');
  if (!role) throw new Error('There is no built-in role "admin".');
  const members = app.get(MembersService);
  await members.create(tx, {
    organizationId,
    roleId: role.id,
    email,
    name: ADMIN_NAME,
    // Inside the transaction, for once: every other first start has to wait for this one anyway.
    passwordHash: await members.hash(password, { email, name: ADMIN_NAME }),
    operator: true,
  });
}
