export * from './config.js';
export * from './config.module.js';
export type { PublicKeys } from './public-keys.js';
