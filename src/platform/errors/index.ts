export * from './app-error.js';
export * from './common-errors.js';
export * from './error-catalogue.js';
