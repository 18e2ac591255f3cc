import { Injectable } from '@nestjs/common';
import { type Transaction, violatedConstraint } from '../platform/database/index.js';
import { Conflict, NotFound } from '../platform/errors/index.js';
import { fromPublicId, newUuid } from '../platform/ids/index.js';
import { BUILTIN_ROLES } from './builtin-roles.js';
import type { Grants } from './grants.js';
import { RoleMembers } from './role-members.js';
import { RoleUsage } from './role-usage.js';
import { Role } from './role.entity.js';

export interface RoleValues {
  readonly name: string;
  readonly description: string;
  readonly grants: Grants;
}

/** The life of roles. Built-in ones are found like the others, and never change. */
@Injectable()
export class RolesService {
  constructor(
    private readonly usage: RoleUsage,
    private readonly people: RoleMembers,
  ) {}

  /**
   * The role of an organization, or a built-in one, by its public id or a built-in role's name. Nobody deletes it
   * before the transaction ends, so that a key can be given it.
   */
  async findForUse(tx: Transaction, organizationId: string, reference: string): Promise<Role | undefined> {
    const builtin = BUILTIN_ROLES.find((role) => role.name === reference);
    const id = builtin?.id ?? fromPublicId('role', reference);
    if (id === undefined) return undefined;
    const role = await tx.findOne(Role, { where: { id }, lock: { mode: 'for_key_share' } });
    if (!role || (role.organizationId !== null && role.organizationId !== organizationId)) return undefined;
    return role;
  }

  /** A role that an organization may use, by its UUID. @throws NotFound */
  async get(tx: Transaction, organizationId: string, id: string): Promise<Role> {
    const role = await tx.findOneBy(Role, { id });
    if (!role || (role.organizationId !== null && role.organizationId !== organizationId))
      throw new NotFound();
    return role;
  }

  /** A role of the organization's own, locked for a change. @throws NotFound; Conflict for a built-in one */
  async getForChange(tx: Transaction, organizationId: string, id: string): Promise<Role> {
    const role = await this.get(tx, organizationId, id);
    if (role.organizationId === null)
      throw new Conflict('A built-in role never changes; make one of your own.');
    return tx.findOneOrFail(Role, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** @throws Conflict where the name is taken */
  async create(tx: Transaction, organizationId: string, values: RoleValues): Promise<Role> {
    const id = newUuid();
    await withUniqueName(values.name, () => tx.insert(Role, { id, organizationId, ...values }));
    return tx.findOneByOrFail(Role, { id });
  }

  /** Every key with the role has the new grants with its next request. @throws Conflict where the name is taken */
  async update(tx: Transaction, role: Role, values: Partial<RoleValues>): Promise<Role> {
    await withUniqueName(values.name, () =>
      tx.update(Role, { id: role.id }, { ...values, updatedAt: () => 'now()' }),
    );
    return tx.findOneByOrFail(Role, { id: role.id });
  }

  /** @throws Conflict, with the keys and members, where the role is in use or promised */
  async delete(tx: Transaction, role: Role): Promise<void> {
    const { count, first: keys } = await this.usage.keysWith(tx, role.id);
    const { count: memberCount, first: members } = await this.people.membersWith(tx, role.id);
    const invitationCount = await this.people.invitationsWith(tx, role.id);
    if (count + memberCount + invitationCount > 0) {
      throw new Conflict(
        `The role is in use: keys ${count}, members ${memberCount}, open invitations ${invitationCount}.`,
        { count, keys, memberCount, members, invitationCount },
      );
    }
    await tx.delete(Role, { id: role.id });
  }

  /** Brings the built-in roles of the program into the database. Changes nothing where they are there. */
  async seedBuiltins(tx: Transaction): Promise<void> {
    for (const { id, name, description, grants } of BUILTIN_ROLES) {
      await tx.query(
        `INSERT INTO roles (id, organization_id, name, description, grants) VALUES ($1, NULL, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, grants = excluded.grants
         WHERE (roles.name, roles.description, roles.grants) IS DISTINCT FROM (excluded.name, excluded.description, excluded.grants)`,
        [id, name, description, JSON.stringify(grants)],
      );
    }
  }
}

/** A built-in role's name is taken too: `roleId` takes it for the built-in one. */
async function withUniqueName<T>(name: string | undefined, write: () => Promise<T>): Promise<T> {
  if (BUILTIN_ROLES.some((role) => role.name === name)) throw new Conflict('A built-in role has that name.');
  try {
    return await write();
  } catch (error) {
    if (violatedConstraint(error) === 'roles_name') throw new Conflict('A role of that name exists already.');
    throw error;
  }
}
