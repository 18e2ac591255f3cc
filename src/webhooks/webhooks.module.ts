import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { DeliveryJobs } from './delivery/delivery-jobs.js';
import { WebhookSender } from './delivery/sender.js';
import { DeliveryWake } from './delivery-wake.js';
import { WEBHOOK_EVENT_TYPES } from './webhook-event-types.js';

/** Events are sent to whoever asked for them. */
@Module({
  providers: [DeliveryJobs, WebhookSender, { provide: DeliveryWake, useExisting: DeliveryJobs }],
  exports: [DeliveryWake],
})
export class WebhooksModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(WEBHOOK_EVENT_TYPES);
  }
}
