import { z } from 'zod';
import { type EventType, eventType, idIn } from '../platform/events/index.js';
import { LEVELS } from '../platform/http/index.js';

const ROLE = { id: idIn('role'), name: z.string() };
const LEVEL_CHANGE = z.strictObject({
  resource: z.string(),
  before: z.enum(LEVELS),
  after: z.enum(LEVELS),
});

export const ROLE_EVENT_TYPES: readonly EventType[] = [
  eventType('role.created', 'A role was made.', {
    ...ROLE,
    grants: z.record(z.string(), z.enum(LEVELS)).describe('Levels by resource or category.'),
  }),
  eventType('role.updated', 'A role was changed.', {
    ...ROLE,
    changed: z.array(z.string()).describe('Its fields that changed.'),
    levels: z.array(LEVEL_CHANGE).describe('Every level that is another now.'),
  }),
  eventType('role.deleted', 'A role was deleted.', ROLE),
];
