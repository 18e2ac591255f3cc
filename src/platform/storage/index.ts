export * from './local-disk.js';
export * from './object-storage.js';
export * from './open-storage.js';
export * from './unless-gone.js';
