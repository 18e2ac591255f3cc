import { z } from 'zod';
import { type EventType, eventType, idIn, timeIn } from '../platform/events/index.js';
import { LEVELS } from '../platform/http/index.js';
import { ORGANIZATION_STATUSES } from './dto/organization.js';

const STORE = {
  id: idIn('store'),
  organizationId: idIn('organization'),
  name: z.string(),
  kind: z.enum(['live', 'sandbox']),
  liveStoreId: idIn('store').nullable(),
  createdAt: timeIn(),
  updatedAt: timeIn(),
};
const LIMIT = z.union([z.int(), z.literal('plan')]).nullable();
const ORGANIZATION = {
  id: idIn('organization'),
  name: z.string(),
  status: z.enum(ORGANIZATION_STATUSES),
  plan: z.string(),
  limits: z
    .strictObject({
      hour: LIMIT,
      day: LIMIT,
      pollSeconds: LIMIT,
      activeKeysPerStore: LIMIT,
      highestLevel: z.enum([...LEVELS, 'plan']),
    })
    .describe('Its own, over its plan’s: `plan` is the plan’s, null is none.'),
  idleKeyDays: z.int().nullable(),
  stores: z.array(z.strictObject(STORE)),
  createdAt: timeIn(),
  updatedAt: timeIn(),
};

export const TENANT_EVENT_TYPES: readonly EventType[] = [
  eventType('organization.created', 'An organization was made.', ORGANIZATION),
  eventType('organization.updated', 'An organization was changed.', ORGANIZATION),
  eventType('organization.suspended', 'An organization was suspended: its keys are refused.', ORGANIZATION),
  eventType('organization.resumed', 'A suspended organization is active again.', ORGANIZATION),
  eventType('store.created', 'A store or a sandbox was made.', STORE),
  eventType('store.updated', 'A store was changed.', STORE),
  eventType('store.reset', 'A sandbox was emptied.', {
    ...STORE,
    cleared: z.record(z.string(), z.int()).describe('How much there was of what.'),
  }),
];
