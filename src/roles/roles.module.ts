import { Module } from '@nestjs/common';
import { ResourceRegistry } from './resource-registry.js';
import { RolesService } from './roles.service.js';

/** What may be granted, and the named sets of grants. */
@Module({ providers: [ResourceRegistry, RolesService], exports: [ResourceRegistry, RolesService] })
export class RolesModule {}
