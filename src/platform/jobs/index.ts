export * from './background-run.js';
export * from './clock.js';
export * from './job-task.js';
export * from './job-worker.js';
export * from './jobs-options.js';
export * from './jobs.js';
export * from './jobs.module.js';
