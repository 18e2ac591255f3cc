import { z } from 'zod';
import { type EventType, eventType, idIn } from '../platform/events/index.js';

/** The type of a test: it is in no log, and is sent to one endpoint alone. */
export const TEST_EVENT = 'webhook.test';

export const WEBHOOK_EVENT_TYPES: readonly EventType[] = [
  eventType(
    'webhook.disabled',
    'Nothing is sent to an endpoint any more: it failed for five days, or said that it is gone.',
    {
      id: idIn('webhook'),
      host: z.string().describe('Of its address.'),
      reason: z.enum(['failing', 'gone']),
    },
  ),
  eventType(TEST_EVENT, 'Somebody tried an endpoint. In no log; its number is 0.', {
    message: z.string(),
  }),
];
