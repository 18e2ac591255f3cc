import { Module } from '@nestjs/common';
import { ListsModule } from '../platform/http/lists/index.js';
import { StoreDirectory } from './store-directory.js';
import { StoresController } from './stores.controller.js';
import { TenantsService } from './tenants.service.js';

/** Organizations, their stores and sandboxes. */
@Module({
  imports: [ListsModule],
  controllers: [StoresController],
  providers: [StoreDirectory, TenantsService],
  exports: [StoreDirectory, TenantsService],
})
export class TenantsModule {}
