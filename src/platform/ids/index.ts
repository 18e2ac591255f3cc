export * from './ids.js';
export * from './uuid.js';
