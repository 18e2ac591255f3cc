import { Global, Module } from '@nestjs/common';
import { EventSubscribers } from './event-subscribers.js';
import { Events } from './events.js';
import { EventSequencer } from './sequencer.js';

@Global()
@Module({
  providers: [EventSequencer, EventSubscribers, Events],
  exports: [EventSequencer, EventSubscribers, Events],
})
export class EventsModule {}
