import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { ROLE_EVENT_TYPES } from './role-event-types.js';
import { ListsModule } from '../platform/http/lists/index.js';
import { OperatorRolesService } from './operator-roles.service.js';
import { ResourceRegistry } from './resource-registry.js';
import { ResourcesController } from './resources.controller.js';
import { RoleEdits } from './role-edits.js';
import { RolePresenter } from './role-presenter.js';
import { RolesController } from './roles.controller.js';
import { RolesService } from './roles.service.js';

/** What may be granted, and the named sets of grants. Somebody above provides RoleUsage and RoleMembers. */
@Module({
  imports: [ListsModule],
  controllers: [RolesController, ResourcesController],
  providers: [OperatorRolesService, ResourceRegistry, RoleEdits, RolePresenter, RolesService],
  exports: [OperatorRolesService, ResourceRegistry, RolesService],
})
export class RolesModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(ROLE_EVENT_TYPES);
  }
}
