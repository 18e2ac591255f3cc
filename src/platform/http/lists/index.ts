export { Cursors, type Position } from './cursors.js';
export * from './list-query.js';
export * from './lists.js';
export * from './lists.module.js';
