export * from './mount-health.js';
export * from './readiness.js';
