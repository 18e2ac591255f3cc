export { DeliveryLog } from './deliveries/delivery-log.js';
export { ListDeliveriesQuery, ReplayInput } from './deliveries/delivery.input.js';
export type { DeliveryResponse } from './deliveries/delivery.response.js';
export { Replays } from './deliveries/replays.js';
export { CreateWebhookInput, UpdateWebhookInput } from './endpoints/endpoint.input.js';
export type { WebhookResponse } from './endpoints/endpoint.response.js';
export { EndpointsService } from './endpoints/endpoints.service.js';
export * from './webhooks.module.js';
