import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { RESERVED_EVENT_TYPES } from './reserved-event-types.js';
import { EventTypesController } from './event-types.controller.js';
import { EventReader } from './event-reader.js';
import { EventSweep } from './event-sweep.js';
import { EventsController } from './events.controller.js';

/** The event log, read. What writes it is in platform/events. */
@Module({
  controllers: [EventsController, EventTypesController],
  providers: [EventReader, EventSweep],
  exports: [EventReader],
})
export class EventLogModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(RESERVED_EVENT_TYPES);
  }
}
