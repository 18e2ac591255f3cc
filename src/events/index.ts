export * from './event-log.module.js';
export * from './event-reader.js';
export { EventQuery } from './event.query.js';
export type { EventResponse } from './event.response.js';
