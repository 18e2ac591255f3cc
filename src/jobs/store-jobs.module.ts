import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { ListsModule } from '../platform/http/lists/index.js';
import { StoreContents, TenantsModule } from '../tenants/index.js';
import { JOB_EVENT_TYPES } from './job-event-types.js';
import { JobOrders } from './job-orders.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';
import { JobSweep } from './job-sweep.js';
import { JobTypes } from './job-types.js';
import { JobWaiters } from './job-waiters.js';
import { StoreJob } from './job.entities.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';

/** Work that callers order and look at until it is done. */
@Module({
  imports: [ListsModule, TenantsModule],
  controllers: [JobsController],
  providers: [JobOrders, JobRunner, JobStore, JobSweep, JobTypes, JobWaiters, JobsService],
  exports: [JobOrders, JobTypes],
})
export class StoreJobsModule {
  constructor(catalogue: EventCatalogue, contents: StoreContents) {
    catalogue.register(JOB_EVENT_TYPES);
    contents.register({
      name: 'jobs',
      // Those that run record nothing more.
      clear: async (tx, storeId) => (await tx.delete(StoreJob, { storeId })).affected ?? 0,
    });
  }
}
