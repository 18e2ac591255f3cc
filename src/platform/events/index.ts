export * from './event.entity.js';
export * from './events.js';
export * from './events.module.js';
