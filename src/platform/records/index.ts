export * from './record-kind.js';
export * from './records.module.js';
export * from './search.js';
export * from './store-records.js';
