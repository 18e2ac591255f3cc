import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { Conflict } from '../platform/errors/index.js';
import { readInput } from '../platform/http/input/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import { BUILTIN_ROLES } from './builtin-roles.js';
import { CreateRoleInput, UpdateRoleInput } from './dto/role.input.js';
import type { ChangedRoleResponse, RolePreviewResponse, RoleResponse } from './dto/role.response.js';
import { ResourceRegistry } from './resource-registry.js';
import { RoleEdits } from './role-edits.js';
import { grantsOf } from './role-grants.js';
import { RolePresenter } from './role-presenter.js';
import { Role } from './role.entity.js';
import { RolesService } from './roles.service.js';

/**
 * Roles as whoever runs the installation manages them, at the command line: every rule of the API, read from the
 * same input classes, but no principal, so that every organization is within reach and nothing exceeds own grants.
 */
@Injectable()
export class OperatorRolesService {
  constructor(
    private readonly roles: RolesService,
    private readonly edits: RoleEdits,
    private readonly presenter: RolePresenter,
    private readonly registry: ResourceRegistry,
  ) {}

  /** Whoever's role it is, by its public id or a built-in role's name; undefined where there is none. */
  async find(tx: Transaction, reference: string): Promise<Role | undefined> {
    const builtin = BUILTIN_ROLES.find(({ name }) => name === reference);
    const id = builtin?.id ?? fromPublicId('role', reference);
    return id === undefined ? undefined : ((await tx.findOneBy(Role, { id })) ?? undefined);
  }

  /** The role as the API shows it. */
  show(role: Role): RoleResponse {
    return this.presenter.present(role);
  }

  /** A new role of an organization (UUID). @param body as in the API @throws InvalidInput, Conflict */
  async create(tx: Transaction, organizationId: string, body: object): Promise<RoleResponse> {
    const { name, description, grants, policies } = readInput(CreateRoleInput, body, 'body');
    const values = { name, description, grants: grantsOf({ grants, policies }, this.registry) };
    return this.presenter.present(await this.roles.create(tx, organizationId, values));
  }

  /** Changes a role. @param body as in the API @throws InvalidInput, Conflict */
  async update(tx: Transaction, role: Role, body: object): Promise<ChangedRoleResponse> {
    const own = await this.roles.getForChange(tx, ownerOf(role), role.id);
    const edit = readInput(UpdateRoleInput, body, 'body');
    return this.edits.save(tx, own, this.edits.valuesAfter(own, edit));
  }

  /** Shows what a change would do. @param body as in the API @throws InvalidInput, Conflict */
  async preview(tx: Transaction, role: Role, body: object): Promise<RolePreviewResponse> {
    const own = await this.roles.getOwn(tx, ownerOf(role), role.id);
    const edit = readInput(UpdateRoleInput, body, 'body');
    return this.edits.preview(tx, own, this.edits.valuesAfter(own, edit), { namesKeys: true });
  }

  /** @throws Conflict, with the keys and members, where the role is in use */
  async delete(tx: Transaction, role: Role): Promise<void> {
    await this.roles.delete(tx, await this.roles.getForChange(tx, ownerOf(role), role.id));
  }
}

/** @throws Conflict for a built-in role */
function ownerOf({ organizationId }: Role): string {
  if (organizationId === null) throw new Conflict('A built-in role never changes; make one of your own.');
  return organizationId;
}
