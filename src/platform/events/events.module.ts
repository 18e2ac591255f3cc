import { Global, Module } from '@nestjs/common';
import { EventCatalogue } from './event-catalogue.js';
import { EventSubscribers } from './event-subscribers.js';
import { Events } from './events.js';
import { EventSequencer } from './sequencer.js';

@Global()
@Module({
  providers: [EventCatalogue, EventSequencer, EventSubscribers, Events],
  exports: [EventCatalogue, EventSequencer, EventSubscribers, Events],
})
export class EventsModule {}
