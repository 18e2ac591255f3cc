import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { TENANT_EVENT_TYPES } from './tenant-event-types.js';
import { ListsModule } from '../platform/http/lists/index.js';
import { OrganizationController } from './organization.controller.js';
import { StoreContents } from './store-contents.js';
import { StoreDirectory } from './store-directory.js';
import { StoresController } from './stores.controller.js';
import { StoresService } from './stores.service.js';
import { TenantsService } from './tenants.service.js';

/** Organizations, their stores and sandboxes. */
@Module({
  imports: [ListsModule],
  controllers: [OrganizationController, StoresController],
  providers: [StoreContents, StoreDirectory, StoresService, TenantsService],
  exports: [StoreContents, StoreDirectory, StoresService, TenantsService],
})
export class TenantsModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(TENANT_EVENT_TYPES);
  }
}
