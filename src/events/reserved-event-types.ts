import { type EventType, reservedEventType } from '../platform/events/index.js';

/** Names of what is to come: receivers may ask for them already, and hear of them when they are sent. */
export const RESERVED_EVENT_TYPES: readonly EventType[] = [
  reservedEventType('comment.received', 'Somebody commented on a post.'),
  reservedEventType('signal.raised', 'Something was noticed in content.'),
  reservedEventType('hold.created', 'Something must not be deleted from now on.'),
  reservedEventType('hold.released', 'A hold was released.'),
];
