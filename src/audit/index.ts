export * from './audit.module.js';
export * from './key-activity.js';
export * from './partition-keeper.js';
export * from './request-log.js';
