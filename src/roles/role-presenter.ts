import { Injectable } from '@nestjs/common';
import { toPublicId } from '../platform/ids/index.js';
import type { RoleResponse } from './dto/role.response.js';
import { ResourceRegistry } from './resource-registry.js';
import type { Role } from './role.entity.js';

/** Roles as the API shows them. */
@Injectable()
export class RolePresenter {
  constructor(private readonly registry: ResourceRegistry) {}

  present(role: Role): RoleResponse {
    const levels = this.registry.compile(role.grants);
    return {
      id: toPublicId('role', role.id),
      name: role.name,
      description: role.description,
      builtin: role.organizationId === null,
      grants: { ...role.grants },
      levels: Object.fromEntries(this.registry.list().map(({ name }) => [name, levels.get(name) ?? 'none'])),
      createdAt: role.createdAt.toISOString(),
      updatedAt: role.updatedAt.toISOString(),
    };
  }
}
