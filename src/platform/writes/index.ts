export * from './business-transactions.js';
export * from './idempotency-reply.entity.js';
export * from './writes.module.js';
