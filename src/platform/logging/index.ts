export type { Logger } from 'pino';
export * from './describe-error.js';
export * from './logger.js';
export * from './logging.module.js';
export * from './nest-logger.js';
export * from './scrub.js';
