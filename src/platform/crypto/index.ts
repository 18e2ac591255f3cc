export * from './crypto.module.js';
export * from './master-secrets.js';
