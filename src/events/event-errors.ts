import { AppError } from '../platform/errors/index.js';

/** 410: some of the events that were asked for are no longer kept. */
export class EventsGone extends AppError {
  /** @param swept the number up to which they are gone */
  constructor(swept: number) {
    super('EVENTS_GONE', `Events up to number ${swept} are no longer kept.`, { details: { swept } });
  }
}
