import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { KEY_EVENT_TYPES } from './key-event-types.js';
import { FailedAttempts } from '../platform/http/index.js';
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
import { KeySecretHolder } from './key-secret-holder.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { LeakReports, LeaksService } from './leaks/index.js';
import { LeakSignatures } from './leaks/leak-signatures.js';
import { LeaksController } from './leaks/leaks.controller.js';
import { StoreLeaksController } from './leaks/store-leaks.controller.js';
import { TokenFormatController } from './leaks/token-format.controller.js';
import { ExpiryNotices } from './life/expiry-notices.js';
import { IdleKeys } from './life/idle-keys.js';
import { LeastPrivilegeController } from './least-privilege/least-privilege.controller.js';
import { LeastPrivilege } from './least-privilege/least-privilege.service.js';
import { OperatorKeysService } from './operator-keys.service.js';
import { PreviousSecretHits } from './previous-secret-hits.js';
import { SealedHashes } from './sealed-hashes.js';
import { StoreKeysController } from './store-keys.controller.js';
import { KeySightings } from './sightings/key-sightings.js';
import { TokenDigests } from './token-digests.js';
import { KeyUsageController } from './usage/key-usage.controller.js';
import { UsageController } from './usage/usage.controller.js';
import { UsageService } from './usage/usage.service.js';

/** Keys: their tokens, their life, and the directory that the gate asks. */
@Module({
  imports: [KeyRoleUsageModule, ListsModule, PlansModule, RolesModule, TenantsModule],
  controllers: [
    StoreKeysController,
    BulkKeysController,
    KeysController,
    LeastPrivilegeController,
    LeaksController,
    StoreLeaksController,
    TokenFormatController,
    UsageController,
    KeyUsageController,
  ],
  providers: [
    // counts each kind on its own: no other module counts signatures, so this one keeps its own
    FailedAttempts,
    BulkKeys,
    ExpiryNotices,
    IdleKeys,
    KeyDirectory,
    KeyEvents,
    KeyFinder,
    KeyInput,
    KeyOperations,
    KeyPresenter,
    KeySecretHolder,
    KeySightings,
    KeysService,
    LeakReports,
    LeakSignatures,
    LeaksService,
    LeastPrivilege,
    OperatorKeysService,
    PreviousSecretHits,
    SealedHashes,
    TokenDigests,
    UsageService,
  ],
  exports: [
    LeastPrivilege,
    KeyDirectory,
    KeyFinder,
    KeyPresenter,
    KeysService,
    LeakReports,
    LeaksService,
    OperatorKeysService,
    UsageService,
  ],
})
export class KeysModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(KEY_EVENT_TYPES);
  }
}
