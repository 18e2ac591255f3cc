export * from './compliance.module.js';
export * from './resources.js';
