export * from './box-holder.js';
export * from './crypto.module.js';
export * from './master-secrets.js';
export * from './secret-box.js';
export * from './secret-holders.js';
