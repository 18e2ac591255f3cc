import { Module } from '@nestjs/common';
import { EventReader } from './event-reader.js';
import { EventSweep } from './event-sweep.js';
import { EventsController } from './events.controller.js';

/** The event log, read. What writes it is in platform/events. */
@Module({ controllers: [EventsController], providers: [EventReader, EventSweep], exports: [EventReader] })
export class EventLogModule {}
