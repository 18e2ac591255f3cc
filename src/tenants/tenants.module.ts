import { Module } from '@nestjs/common';
import { ListsModule } from '../platform/http/lists/index.js';
import { OrganizationController } from './organization.controller.js';
import { StoreDirectory } from './store-directory.js';
import { StoresController } from './stores.controller.js';
import { TenantsService } from './tenants.service.js';

/** Organizations, their stores and sandboxes. */
@Module({
  imports: [ListsModule],
  controllers: [OrganizationController, StoresController],
  providers: [StoreDirectory, TenantsService],
  exports: [StoreDirectory, TenantsService],
})
export class TenantsModule {}
