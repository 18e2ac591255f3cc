import { Module } from '@nestjs/common';
import { ListsModule } from '../platform/http/lists/index.js';
import { PlansModule } from '../plans/index.js';
import { RolesModule } from '../roles/index.js';
import { TenantsModule } from '../tenants/index.js';
import { BulkKeysController } from './bulk/bulk-keys.controller.js';
import { BulkKeys } from './bulk/bulk-keys.js';
import { KeyDirectory } from './key-directory.js';
import { KeyEvents } from './key-events.js';
import { KeyFinder } from './key-finder.js';
import { KeyInput } from './key-input.js';
import { KeyOperations } from './key-operations.js';
import { KeyRoleUsageModule } from './key-role-usage.module.js';
import { KeyPresenter } from './key-presenter.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { ExpiryNotices } from './life/expiry-notices.js';
import { IdleKeys } from './life/idle-keys.js';
import { OperatorKeysService } from './operator-keys.service.js';
import { StoreKeysController } from './store-keys.controller.js';

/** Keys: their tokens, their life, and the directory that the gate asks. */
@Module({
  imports: [KeyRoleUsageModule, ListsModule, PlansModule, RolesModule, TenantsModule],
  controllers: [StoreKeysController, BulkKeysController, KeysController],
  providers: [
    BulkKeys,
    ExpiryNotices,
    IdleKeys,
    KeyDirectory,
    KeyEvents,
    KeyFinder,
    KeyInput,
    KeyOperations,
    KeyPresenter,
    KeysService,
    OperatorKeysService,
  ],
  exports: [KeyDirectory, KeyFinder, KeyPresenter, KeysService, OperatorKeysService],
})
export class KeysModule {}
