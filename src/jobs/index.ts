export { JobView } from './dto/job.response.js';
export { JobOrders } from './job-orders.js';
export * from './job-type.js';
export * from './job-types.js';
export * from './running-job.js';
export { StoreJobsModule } from './store-jobs.module.js';
