import { Module } from '@nestjs/common';
import { ListsModule } from '../platform/http/lists/index.js';
import { PlansModule } from '../plans/index.js';
import { RolesModule } from '../roles/index.js';
import { TenantsModule } from '../tenants/index.js';
import { KeyDirectory } from './key-directory.js';
import { KeyFinder } from './key-finder.js';
import { KeyInput } from './key-input.js';
import { KeyRoleUsageModule } from './key-role-usage.module.js';
import { KeyPresenter } from './key-presenter.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { LeastPrivilegeController } from './least-privilege/least-privilege.controller.js';
import { LeastPrivilege } from './least-privilege/least-privilege.service.js';
import { OperatorKeysService } from './operator-keys.service.js';
import { StoreKeysController } from './store-keys.controller.js';

/** Keys: their tokens, their life, and the directory that the gate asks. */
@Module({
  imports: [KeyRoleUsageModule, ListsModule, PlansModule, RolesModule, TenantsModule],
  controllers: [StoreKeysController, KeysController, LeastPrivilegeController],
  providers: [
    KeyDirectory,
    KeyFinder,
    KeyInput,
    KeyPresenter,
    KeysService,
    LeastPrivilege,
    OperatorKeysService,
  ],
  exports: [KeyDirectory, KeyFinder, KeyPresenter, KeysService, LeastPrivilege, OperatorKeysService],
})
export class KeysModule {}
