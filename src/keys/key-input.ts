import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { type FieldError, InvalidInput } from '../platform/errors/index.js';
import type { Principal } from '../platform/http/index.js';
import { PlansService } from '../plans/index.js';
import {
  assertWithinOwnGrants,
  DEFAULT_KEY_ROLE,
  type Grants,
  ResourceRegistry,
  Role,
  RolesService,
} from '../roles/index.js';
import { allowlistProblem } from './ip-allowlist.js';

export interface AccessInput {
  readonly roleId?: string;
  readonly permissions?: Grants | null;
  readonly ipAllowlist?: string[] | null;
}

/** Checks what a key is to be allowed: that it can be granted at all, and by whom. */
@Injectable()
export class KeyInput {
  constructor(
    private readonly roles: RolesService,
    private readonly plans: PlansService,
    private readonly registry: ResourceRegistry,
  ) {}

  /** The role that a new key gets: the one named, or `read-write` under given permissions. @throws InvalidInput */
  async roleFor(
    tx: Transaction,
    organizationId: string,
    { roleId, permissions }: AccessInput,
  ): Promise<Role> {
    if (roleId === undefined && (permissions === undefined || permissions === null)) {
      throw new InvalidInput([{ field: 'roleId', reason: 'is required where there are no permissions' }]);
    }
    return this.role(tx, organizationId, roleId ?? DEFAULT_KEY_ROLE);
  }

  /** @throws InvalidInput where there is no such role */
  async role(tx: Transaction, organizationId: string, reference: string): Promise<Role> {
    const role = await this.roles.findForUse(tx, organizationId, reference);
    if (!role) throw new InvalidInput([{ field: 'roleId', reason: 'names no role of yours' }]);
    return role;
  }

  /** @throws InvalidInput for names that no resource has, and entries that are no addresses */
  assertValid({ permissions, ipAllowlist }: AccessInput): void {
    const errors: FieldError[] = [];
    for (const name of Object.keys(permissions ?? {})) {
      if (!this.registry.isGrantable(name))
        errors.push({ field: `permissions.${name}`, reason: 'is no resource and no category' });
    }
    (ipAllowlist ?? []).forEach((entry, index) => {
      const problem = allowlistProblem(entry);
      if (problem) errors.push({ field: `ipAllowlist[${index}]`, reason: problem });
    });
    const [first, ...rest] = errors;
    if (first) throw new InvalidInput([first, ...rest]);
  }

  /** @throws ExceedsOwnGrants where a key with this role and these permissions has more than the principal */
  async assertMayGive(
    tx: Transaction,
    principal: Principal,
    grants: Grants,
    permissions: Grants | null,
  ): Promise<void> {
    const { highestLevel } = await this.plans.limitsOf(tx, principal.organizationId);
    assertWithinOwnGrants(principal, { grants, permissions, cap: highestLevel }, this.registry);
  }
}
