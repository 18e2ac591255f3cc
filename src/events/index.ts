export * from './event-log.module.js';
export * from './event-reader.js';
export { listEventTypes } from './event-types.controller.js';
export { EventQuery } from './event.query.js';
export { EventResponse, presentEvent } from './event.response.js';
