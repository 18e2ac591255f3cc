import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import type { UpdateRoleInput } from './dto/role.input.js';
import type { ChangedRoleResponse, RoleChangeResponse, RolePreviewResponse } from './dto/role.response.js';
import { ResourceRegistry } from './resource-registry.js';
import { levelChanges } from './role-changes.js';
import { grantsOf } from './role-grants.js';
import { RoleMembers } from './role-members.js';
import { RolePresenter } from './role-presenter.js';
import { RoleUsage } from './role-usage.js';
import type { Role } from './role.entity.js';
import { RolesService, type RoleValues } from './roles.service.js';

/** Changes roles, or shows what a change would do: the same answer, once with and once without saving. */
@Injectable()
export class RoleEdits {
  constructor(
    private readonly roles: RolesService,
    private readonly registry: ResourceRegistry,
    private readonly presenter: RolePresenter,
    private readonly keys: RoleUsage,
    private readonly members: RoleMembers,
  ) {}

  /** What a role is after an edit. Given grants or policies replace all of the old grants. @throws InvalidInput */
  valuesAfter(role: Role, edit: UpdateRoleInput): RoleValues {
    const { name = role.name, description = role.description, grants, policies } = edit;
    const kept = grants === undefined && policies === undefined;
    return {
      name,
      description,
      grants: kept ? role.grants : grantsOf({ grants, policies }, this.registry),
    };
  }

  /** Saves an edit of a role that is locked. @throws Conflict where the name is taken */
  async save(tx: Transaction, role: Role, values: RoleValues): Promise<ChangedRoleResponse> {
    const change = await this.changeOf(tx, role, values);
    return { ...this.presenter.present(await this.roles.update(tx, role, values)), change };
  }

  /**
   * What saving an edit would answer, and which keys it would reach. Changes nothing.
   * @param namesKeys whether whoever asks may read keys
   * @throws Conflict where the name is taken
   */
  async preview(
    tx: Transaction,
    role: Role,
    values: RoleValues,
    { namesKeys }: { namesKeys: boolean },
  ): Promise<RolePreviewResponse> {
    await this.roles.assertNameFree(tx, role, values.name);
    const change = await this.changeOf(tx, role, values);
    const answer = { ...this.presenter.present({ ...role, ...values }), change };
    if (!namesKeys) return { ...answer, keys: null };
    const { first } = await this.keys.activeKeysWith(tx, role.id);
    return {
      ...answer,
      keys: first.map(({ id, name, ...narrowing }) => ({
        id,
        name,
        levels: levelChanges(this.registry, role.grants, values.grants, narrowing),
      })),
    };
  }

  private async changeOf(tx: Transaction, role: Role, { grants }: RoleValues): Promise<RoleChangeResponse> {
    const { count: affectedKeys } = await this.keys.activeKeysWith(tx, role.id);
    const { count: affectedMembers } = await this.members.membersWith(tx, role.id);
    return { levels: levelChanges(this.registry, role.grants, grants), affectedKeys, affectedMembers };
  }
}
