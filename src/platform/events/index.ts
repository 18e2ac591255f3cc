export * from './event-catalogue.js';
export * from './event-subscribers.js';
export * from './event-type.js';
export * from './event.entity.js';
export * from './events.js';
export * from './events.module.js';
export * from './numbered-event.js';
export * from './sequencer.js';
