import { Module } from '@nestjs/common';
import { ListsModule } from '../platform/http/lists/index.js';
import { ResourceRegistry } from './resource-registry.js';
import { ResourcesController } from './resources.controller.js';
import { RolePresenter } from './role-presenter.js';
import { RolesController } from './roles.controller.js';
import { RolesService } from './roles.service.js';

/** What may be granted, and the named sets of grants. Somebody above provides RoleUsage and RoleMembers. */
@Module({
  imports: [ListsModule],
  controllers: [RolesController, ResourcesController],
  providers: [ResourceRegistry, RolePresenter, RolesService],
  exports: [ResourceRegistry, RolesService],
})
export class RolesModule {}
