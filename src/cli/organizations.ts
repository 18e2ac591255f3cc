import { CreateOrganizationInput, OrganizationsService, UpdateOrganizationInput } from '../members/index.js';
import { Database } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import { ListOrganizationsQuery, type OrganizationResponse, presentOrganization } from '../tenants/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { organizationNamed } from './find.js';
import { facts, table } from './format.js';
import { given, pageText } from './given.js';
import { choosePassword } from './password.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

export interface ListOrganizationsOptions extends CommonOptions {
  readonly status?: string;
  readonly page: string;
  readonly limit: string;
}

export interface CreateOrganizationOptions extends CommonOptions {
  readonly name: string;
  readonly plan: string;
  /** The first administrator's e-mail address. */
  readonly admin: string;
  readonly passwordStdin?: boolean;
}

export interface UpdateOrganizationOptions extends CommonOptions {
  readonly name?: string;
  readonly plan?: string;
  readonly status?: string;
  readonly hour?: string;
  readonly day?: string;
  readonly pollSeconds?: string;
  readonly activeKeys?: string;
  readonly highestLevel?: string;
  readonly idleKeyDays?: string;
}

/** `gatehouse organizations list` */
export function listOrganizations({ status, page, limit }: ListOrganizationsOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const query = readInput(ListOrganizationsQuery, given({ status, page, limit }), 'query');
    const found = await app.get(OrganizationsService).page(query);
    const rows = found.data.map(({ id, name, status, plan, stores }) => [
      id,
      name,
      status,
      plan,
      String(stores.length),
    ]);
    if (rows.length === 0) return { document: found, text: 'No organization fits.' };
    const columns = table(['ID', 'NAME', 'STATUS', 'PLAN', 'STORES'], rows);
    return { document: found, text: `${columns}\n\n${pageText('organization', found)}` };
  });
}

/** `gatehouse organizations show` */
export function showOrganization(publicId: string): Promise<Answer> {
  return withApplication(async (app) => {
    const { manager } = app.get(Database);
    const view = await presentOrganization(manager, (await organizationNamed(manager, publicId)).id);
    return { document: view, text: organizationText(view) };
  });
}

/** `gatehouse organizations create` */
export async function createOrganization(options: CreateOrganizationOptions): Promise<Answer> {
  const { name, plan, admin: email, passwordStdin } = options;
  const { password, isMade } = await choosePassword(passwordStdin);
  const input = readInput(CreateOrganizationInput, { name, plan, admin: { email, password } }, 'body');
  return withApplication(async (app) => {
    const organizations = app.get(OrganizationsService);
    const passwordHash = await organizations.hashOf(input);
    const made = await app
      .get(Database)
      .write({ actor: CLI_ACTOR, reason: 'gatehouse organizations create' }, (tx) =>
        organizations.create(tx, input, passwordHash),
      );
    const lines = [`Created "${made.name}":`, '', organizationText(made), '', `${email} signs in there.`];
    if (isMade) lines.push('The password, shown now and never again:', '', `  ${password}`);
    const admin = { email, ...(isMade ? { password } : {}) };
    return { document: { ...made, admin }, text: lines.join('\n') };
  });
}

/** `gatehouse organizations update` */
export function updateOrganization(publicId: string, options: UpdateOrganizationOptions): Promise<Answer> {
  const limits = given({
    hour: limitOf(options.hour),
    day: limitOf(options.day),
    pollSeconds: limitOf(options.pollSeconds),
    activeKeysPerStore: limitOf(options.activeKeys),
    highestLevel: options.highestLevel,
  });
  const { name, plan, status } = options;
  const idleKeyDays = limitOf(options.idleKeyDays);
  const body = {
    ...given({ name, plan, status, idleKeyDays }),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
  return change('update', publicId, body);
}

/** `gatehouse organizations suspend` */
export const suspendOrganization = (publicId: string): Promise<Answer> =>
  change('suspend', publicId, { status: 'suspended' });

/** `gatehouse organizations resume` */
export const resumeOrganization = (publicId: string): Promise<Answer> =>
  change('resume', publicId, { status: 'active' });

function change(command: string, publicId: string, body: object): Promise<Answer> {
  return withApplication((app) => {
    const input = readInput(UpdateOrganizationInput, body, 'body');
    const reason = `gatehouse organizations ${command}`;
    return app.get(Database).write({ actor: CLI_ACTOR, reason }, async (tx) => {
      const { id } = await organizationNamed(tx, publicId);
      const changed = await app.get(OrganizationsService).update(tx, id, input);
      return { document: changed, text: organizationText(changed) };
    });
  });
}

/** `none` is null; what is neither a number nor a known word goes on as it is, to be refused by the rule. */
function limitOf(text: string | undefined): unknown {
  if (text === 'none') return null;
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;
}

function organizationText(organization: OrganizationResponse): string {
  const { id, name, status, plan, limits, stores, idleKeyDays } = organization;
  const own = Object.entries(limits)
    .filter(([, limit]) => limit !== 'plan')
    .map(([limit, value]) => `${limit} ${value ?? 'none'}`);
  return facts([
    ['Id', id],
    ['Name', name],
    ['Status', status],
    ['Plan', plan],
    ['Limits', own.join(', ') || 'the plan’s'],
    ['Unused keys', idleKeyDays === null ? 'stay' : `are revoked after ${idleKeyDays} days`],
    ['Stores', stores.map((store) => `${store.name} (${store.id})`).join(', ') || 'none'],
  ]);
}
