import { Module } from '@nestjs/common';
import { StoreDirectory } from './store-directory.js';
import { TenantsService } from './tenants.service.js';

/** Organizations, their stores and sandboxes. */
@Module({ providers: [StoreDirectory, TenantsService], exports: [StoreDirectory, TenantsService] })
export class TenantsModule {}
