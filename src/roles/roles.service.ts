import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import { BUILTIN_ROLES } from './builtin-roles.js';
import { Role } from './role.entity.js';

/** Finds roles. */
@Injectable()
export class RolesService {
  /** The role of an organization, or a built-in one, by its public id or a built-in role's name. */
  async find(tx: Transaction, organizationId: string, reference: string): Promise<Role | undefined> {
    const builtin = BUILTIN_ROLES.find((role) => role.name === reference);
    const id = builtin?.id ?? fromPublicId('role', reference);
    if (id === undefined) return undefined;
    const role = await tx.findOneBy(Role, { id });
    if (!role || (role.organizationId !== null && role.organizationId !== organizationId)) return undefined;
    return role;
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
