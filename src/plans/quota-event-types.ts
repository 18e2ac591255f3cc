import { z } from 'zod';
import { type EventType, eventType, timeIn } from '../platform/events/index.js';

const WINDOW = {
  window: z.enum(['hour', 'day']),
  percent: z.int(),
  limit: z.int(),
  used: z.int(),
  resetsAt: timeIn(),
};

/** Written by the database itself (`quota_tell`), in the transaction that charges. */
export const QUOTA_EVENT_TYPES: readonly EventType[] = [
  eventType(
    'quota.threshold',
    'A window of an organization, a sandbox or a key is used to 80 percent; once a window.',
    WINDOW,
  ),
  eventType('quota.exceeded', 'A window is used up; once a window.', WINDOW),
];
