import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { sqlState, type Transaction, violatedConstraint } from '../platform/database/index.js';
import { Conflict, NotFound } from '../platform/errors/index.js';
import { Events } from '../platform/events/index.js';
import { fromPublicId, newUuid, toPublicId } from '../platform/ids/index.js';
import { BUILTIN_ROLES } from './builtin-roles.js';
import type { Grants } from './grants.js';
import { ResourceRegistry } from './resource-registry.js';
import { levelChanges, sameGrants } from './role-changes.js';
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
    private readonly members: RoleMembers,
    private readonly registry: ResourceRegistry,
    private readonly events: Events,
  ) {}

  /** The role of an organization, or a built-in one, by its public id or a built-in role's name. */
  find(tx: Transaction, organizationId: string, reference: string): Promise<Role | undefined> {
    return findRole(tx, organizationId, reference);
  }

  /** As `find`; nobody deletes the role before the transaction ends, so that a key can be given it. */
  findForUse(tx: Transaction, organizationId: string, reference: string): Promise<Role | undefined> {
    return findRole(tx, organizationId, reference, 'lock');
  }

  /** A role that an organization may use, by its UUID. @throws NotFound */
  async get(tx: Transaction, organizationId: string, id: string): Promise<Role> {
    const role = await tx.findOneBy(Role, { id });
    if (!role || (role.organizationId !== null && role.organizationId !== organizationId))
      throw new NotFound();
    return role;
  }

  /** A role of the organization's own. @throws NotFound; Conflict for a built-in one */
  async getOwn(tx: Transaction, organizationId: string, id: string): Promise<Role> {
    const role = await this.get(tx, organizationId, id);
    if (role.organizationId === null)
      throw new Conflict('A built-in role never changes; make one of your own.');
    return role;
  }

  /** A role of the organization's own, locked for a change. @throws NotFound; Conflict for a built-in one */
  async getForChange(tx: Transaction, organizationId: string, id: string): Promise<Role> {
    await this.getOwn(tx, organizationId, id);
    const role = await tx.findOne(Role, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!role) throw new NotFound();
    return role;
  }

  /** @throws Conflict where the name is taken */
  async create(tx: Transaction, organizationId: string, values: RoleValues): Promise<Role> {
    const id = newUuid();
    await withUniqueName(values.name, () => tx.insert(Role, { id, organizationId, ...values }));
    const role = await tx.findOneByOrFail(Role, { id });
    await this.tell(tx, role, 'role.created', { name: role.name, grants: role.grants });
    return role;
  }

  /**
   * Every key with the role has the new grants with its next request. What is as it was stays untouched.
   * @throws Conflict where the name is taken
   */
  async update(tx: Transaction, role: Role, values: RoleValues): Promise<Role> {
    const changed = [
      ...(values.name === role.name ? [] : ['name']),
      ...(values.description === role.description ? [] : ['description']),
      ...(sameGrants(values.grants, role.grants) ? [] : ['grants']),
    ];
    if (changed.length === 0) return role;
    await withUniqueName(values.name, () =>
      tx.update(Role, { id: role.id }, { ...values, updatedAt: () => 'now()' }),
    );
    const levels = levelChanges(this.registry, role.grants, values.grants);
    await this.tell(tx, role, 'role.updated', { name: values.name, changed, levels });
    return tx.findOneByOrFail(Role, { id: role.id });
  }

  /** @throws Conflict, with the keys and members, where the role is in use or promised */
  async delete(tx: Transaction, role: Role): Promise<void> {
    const keys = await this.usage.keysWith(tx, role.id);
    const members = await this.members.membersWith(tx, role.id);
    const invitationCount = await this.members.invitationsWith(tx, role.id);
    if (keys.count + members.count + invitationCount > 0) {
      throw new Conflict(`The role is in use by ${usersText(keys.count, members.count, invitationCount)}.`, {
        count: keys.count,
        keys: keys.first,
        memberCount: members.count,
        members: members.first,
        invitationCount,
      });
    }
    try {
      await tx.delete(Role, { id: role.id });
    } catch (error) {
      // given to somebody at this moment, or by what came later than keys and members
      if (sqlState(error) === '23503') throw new Conflict('The role is in use.');
      throw error;
    }
    await this.tell(tx, role, 'role.deleted', { name: role.name });
  }

  /** As an update would find it. @throws Conflict where another role has the name */
  async assertNameFree(tx: Transaction, role: Role, name: string): Promise<void> {
    await withUniqueName(name, async () => {
      if (name === role.name) return;
      const taken = await tx.existsBy(Role, { organizationId: role.organizationId ?? IsNull(), name });
      if (taken) throw new Conflict(NAME_TAKEN);
    });
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

  private async tell(
    tx: Transaction,
    { id, organizationId }: Role,
    type: 'role.created' | 'role.updated' | 'role.deleted',
    data: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const subjectId = toPublicId('role', id);
    await this.events.emit(tx, {
      type,
      organizationId,
      storeId: null,
      subjectId,
      data: { id: subjectId, ...data },
    });
  }
}

const NAME_TAKEN = 'A role of that name exists already.';

async function findRole(
  tx: Transaction,
  organizationId: string,
  reference: string,
  lock?: 'lock',
): Promise<Role | undefined> {
  const builtin = BUILTIN_ROLES.find((role) => role.name === reference);
  const id = builtin?.id ?? fromPublicId('role', reference);
  if (id === undefined) return undefined;
  const role = await tx.findOne(Role, {
    where: { id },
    ...(lock ? { lock: { mode: 'for_key_share' as const } } : {}),
  });
  if (!role || (role.organizationId !== null && role.organizationId !== organizationId)) return undefined;
  return role;
}

function usersText(keys: number, members: number, invitations: number): string {
  const texts = [
    [keys, 'key', 'keys'],
    [members, 'member', 'members'],
    [invitations, 'open invitation', 'open invitations'],
  ] as const;
  return texts
    .filter(([count]) => count > 0)
    .map(([count, one, several]) => `${count} ${count === 1 ? one : several}`)
    .join(', ');
}

/** A built-in role's name is taken too: `roleId` takes it for the built-in one. */
async function withUniqueName<T>(name: string | undefined, write: () => Promise<T>): Promise<T> {
  if (BUILTIN_ROLES.some((role) => role.name === name)) throw new Conflict('A built-in role has that name.');
  try {
    return await write();
  } catch (error) {
    if (violatedConstraint(error) === 'roles_name') throw new Conflict(NAME_TAKEN);
    throw error;
  }
}
