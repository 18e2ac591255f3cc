import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { QUOTA_EVENT_TYPES } from './quota-event-types.js';
import { Admission } from './admission.js';
import { PlansController } from './plans.controller.js';
import { PollingSweep } from './polling-sweep.js';
import { PlansService } from './plans.service.js';
import { SandboxQuota } from './sandbox-quota.js';
import { TenantsModule } from '../tenants/index.js';

/** The plan catalogue and strict admission. */
@Module({
  imports: [TenantsModule],
  controllers: [PlansController],
  providers: [Admission, PlansService, PollingSweep, SandboxQuota],
  exports: [Admission, PlansService],
})
export class PlansModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(QUOTA_EVENT_TYPES);
  }
}
