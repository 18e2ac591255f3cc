export * from './local-disk.js';
export * from './object-storage.js';
