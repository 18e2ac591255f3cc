import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { Transaction } from '../platform/database/index.js';
import { type FieldError, InvalidInput } from '../platform/errors/index.js';
import type { Principal } from '../platform/http/index.js';
import {
  assertWithinOwnGrants,
  DEFAULT_KEY_ROLE,
  ExceedsOwnGrants,
  type Grants,
  ResourceRegistry,
  Role,
  RolesService,
} from '../roles/index.js';
import { allowlistProblem } from './ip-allowlist.js';
import { KeyOwners } from './key-owners.js';
import type { Key } from './key.entity.js';

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
    private readonly registry: ResourceRegistry,
    private readonly owners: KeyOwners,
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

  /** @throws InvalidInput where the member is no active one of the organization */
  async assertOwner(tx: Transaction, organizationId: string, ownerId: string): Promise<void> {
    if (await this.owners.isActiveMember(tx, organizationId, ownerId)) return;
    throw new InvalidInput([{ field: 'ownerId', reason: 'must be an active member of the organization' }]);
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

  /**
   * The plan's cap does not count: it is no part of the key, which has all of its levels under a higher plan.
   * @param principal null for whoever runs the installation, who exceeds nothing
   * @throws ExceedsOwnGrants where a key with this role and these permissions has more than the principal
   */
  assertMayGive(principal: Principal | null, grants: Grants, permissions: Grants | null): void {
    if (principal === null) return;
    assertWithinOwnGrants(principal, { grants, permissions }, this.registry);
  }

  /** Those of some keys that have more than the principal holds, by UUID; null as above. */
  async exceeding(
    tx: Transaction,
    principal: Principal | null,
    keys: readonly Key[],
  ): Promise<ReadonlySet<string>> {
    if (principal === null || keys.length === 0) return new Set();
    const found = await tx.findBy(Role, { id: In([...new Set(keys.map(({ roleId }) => roleId))]) });
    const grantsOf = new Map(found.map(({ id, grants }) => [id, grants]));
    const exceeds = ({ roleId, permissions }: Key) => {
      try {
        this.assertMayGive(principal, grantsOf.get(roleId) ?? {}, permissions);
        return false;
      } catch (error) {
        if (error instanceof ExceedsOwnGrants) return true;
        throw error;
      }
    };
    return new Set(keys.filter(exceeds).map(({ id }) => id));
  }
}
