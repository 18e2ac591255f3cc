import { Module } from '@nestjs/common';
import { ListsModule } from '../platform/http/lists/index.js';
import { EventCatalogue } from '../platform/events/index.js';
import { DeliveriesController } from './deliveries/deliveries.controller.js';
import { DeliveryLog } from './deliveries/delivery-log.js';
import { Replays } from './deliveries/replays.js';
import { DeliveryJobs } from './delivery/delivery-jobs.js';
import { DisabledMail } from './delivery/disabled-mail.js';
import { WebhookSender } from './delivery/sender.js';
import { DeliveryWake } from './delivery-wake.js';
import { EndpointSecrets } from './endpoints/endpoint-secrets.js';
import { EndpointsController } from './endpoints/endpoints.controller.js';
import { EndpointsService } from './endpoints/endpoints.service.js';
import { WEBHOOK_EVENT_TYPES } from './webhook-event-types.js';

/** Events are sent to whoever asked for them. */
@Module({
  imports: [ListsModule],
  controllers: [EndpointsController, DeliveriesController],
  providers: [
    DeliveryJobs,
    DeliveryLog,
    DisabledMail,
    EndpointSecrets,
    EndpointsService,
    Replays,
    WebhookSender,
    { provide: DeliveryWake, useExisting: DeliveryJobs },
  ],
  exports: [DeliveryLog, EndpointsService, Replays],
})
export class WebhooksModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(WEBHOOK_EVENT_TYPES);
  }
}
