import { IsNull } from 'typeorm';
import { Database, type Transaction } from '../platform/database/index.js';
import { InvalidInput } from '../platform/errors/index.js';
import { toPublicId, toPublicIdOrNull } from '../platform/ids/index.js';
import { OperatorRolesService, Role } from '../roles/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { confirm } from './confirm.js';
import { CommandError } from './errors.js';
import { organizationFor, organizationNamed } from './find.js';
import { changeText, rolesText, roleText } from './role-views.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

/** What makes or changes a role. */
export interface RoleOptions extends CommonOptions {
  readonly name?: string;
  readonly description?: string;
  /** JSON. */
  readonly grants?: string;
  readonly policy?: readonly string[];
}

/** `gatehouse roles list`: the built-in roles, then every organization's own, or those of one. */
export function listRoles({
  organization,
}: CommonOptions & { readonly organization?: string }): Promise<Answer> {
  return withApplication(async (app) => {
    const { manager } = app.get(Database);
    const only = organization === undefined ? undefined : (await organizationNamed(manager, organization)).id;
    const roles = await manager.find(Role, {
      where: only === undefined ? {} : [{ organizationId: IsNull() }, { organizationId: only }],
      order: { organizationId: { direction: 'ASC', nulls: 'FIRST' }, id: 'ASC' },
    });
    const data = roles.map((role) => ({
      id: toPublicId('role', role.id),
      name: role.name,
      description: role.description,
      builtin: role.organizationId === null,
      organizationId: toPublicIdOrNull('organization', role.organizationId),
      grants: role.grants,
    }));
    return { document: { data }, text: rolesText(data) };
  });
}

/** `gatehouse roles show` */
export function showRole(reference: string): Promise<Answer> {
  return withApplication(async (app) => {
    const roles = app.get(OperatorRolesService);
    const role = roles.show(await roleNamed(app.get(Database).manager, roles, reference));
    return { document: role, text: roleText(role) };
  });
}

/** `gatehouse roles create` */
export function createRole(options: RoleOptions & { readonly organization?: string }): Promise<Answer> {
  return changing('gatehouse roles create', async (tx, roles) => {
    const organization = await organizationFor(tx, options.organization);
    const role = await roles.create(tx, organization.id, bodyOf(options));
    return { document: role, text: `Created for "${organization.name}":\n\n${roleText(role)}` };
  });
}

/** `gatehouse roles update` */
export function updateRole(reference: string, options: RoleOptions): Promise<Answer> {
  return changing('gatehouse roles update', async (tx, roles) => {
    const role = await roleNamed(tx, roles, reference);
    const updated = await roles.update(tx, role, bodyOf(options));
    return { document: updated, text: `Changed "${updated.name}".\n\n${changeText(updated)}` };
  });
}

/** `gatehouse roles preview` */
export function previewRole(reference: string, options: RoleOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const roles = app.get(OperatorRolesService);
    const tx = app.get(Database).manager;
    const preview = await roles.preview(tx, await roleNamed(tx, roles, reference), bodyOf(options));
    return { document: preview, text: `Nothing is changed. It would be:\n\n${changeText(preview)}` };
  });
}

/** `gatehouse roles delete` */
export function deleteRole(
  reference: string,
  { yes, json }: CommonOptions & { readonly yes?: boolean },
): Promise<Answer> {
  return withApplication(async (app) => {
    const roles = app.get(OperatorRolesService);
    const database = app.get(Database);
    const { id, name } = await roleNamed(database.manager, roles, reference);
    const publicId = toPublicId('role', id);
    if (!yes) await confirm(`Delete the role "${name}" (${publicId})?`, json);
    await database.write({ actor: CLI_ACTOR, reason: 'gatehouse roles delete' }, async (tx) => {
      await roles.delete(tx, await roleNamed(tx, roles, publicId));
    });
    return { document: { id: publicId, name, deleted: true }, text: `Deleted "${name}" (${publicId}).` };
  });
}

/** The role with that id or built-in name, whoever's it is. @throws CommandError */
export async function roleNamed(
  tx: Transaction,
  roles: OperatorRolesService,
  reference: string,
): Promise<Role> {
  const role = await roles.find(tx, reference);
  if (!role) throw new CommandError('NOT_FOUND', `There is no role ${reference}.`);
  return role;
}

/** One change in one transaction, with its reason in the change log. */
function changing(
  reason: string,
  work: (tx: Transaction, roles: OperatorRolesService) => Promise<Answer>,
): Promise<Answer> {
  return withApplication((app) =>
    app.get(Database).write({ actor: CLI_ACTOR, reason }, (tx) => work(tx, app.get(OperatorRolesService))),
  );
}

/** What the API takes; what was not given is absent. */
function bodyOf({ name, description, grants, policy }: RoleOptions): object {
  const body = { name, description, grants: grantsOf(grants), policies: policy };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function grantsOf(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new InvalidInput([{ field: 'grants', reason: `must be JSON, e.g. '{"content":"read"}'` }]);
  }
}
