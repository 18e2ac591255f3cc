import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import type { Principal } from '../../platform/http/index.js';
import { assertWithinOwnGrants, ResourceRegistry, Role, RolesService } from '../../roles/index.js';

/** The roles that people are given, and who may give them. */
@Injectable()
export class AssignableRoles {
  constructor(
    private readonly roles: RolesService,
    private readonly registry: ResourceRegistry,
  ) {}

  /**
   * The role that a body or a query names, by its public id or a built-in one's name.
   * @throws InvalidInput where the organization has no such role
   */
  async find(tx: Transaction, organizationId: string, reference: string): Promise<Role> {
    const role = await this.roles.findForUse(tx, organizationId, reference);
    if (!role) throw new InvalidInput([{ field: 'roleId', reason: 'names no role of yours' }]);
    return role;
  }

  /**
   * @param by null for whoever runs the installation, at the command line
   * @throws ExceedsOwnGrants where the role (UUID) has more than whoever gives or takes it
   */
  async assertMayGive(tx: Transaction, by: Principal | null, roleId: string): Promise<void> {
    if (by === null) return;
    const { grants } = await tx.findOneByOrFail(Role, { id: roleId });
    assertWithinOwnGrants(by, { grants }, this.registry);
  }
}
