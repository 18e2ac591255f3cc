export * from './api-answer.js';
export * from './api-errors.js';
export * from './api-file.js';
export * from './error-schema.js';
export * from './pagination-schema.js';
export * from './store-mounts.js';
export * from './api-group.js';
export { POLL_HEADER } from './headers.js';
