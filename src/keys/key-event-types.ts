import { z } from 'zod';
import { type EventType, eventType, idIn, timeIn } from '../platform/events/index.js';
import { LEAK_ACTIONS } from './leaks/leak-report.entity.js';

const KEY = {
  id: idIn('key'),
  name: z.string(),
  storeId: idIn('store'),
  environment: z.enum(['live', 'test']),
  preview: z.string().nullable().describe('Of its newest secret, e.g. `gate_live_AbCd…wXyZ`.'),
};
const EXPIRES_AT = timeIn().nullable().describe('Null: never.');
const SIGHTING = { at: timeIn(), requestId: idIn('request') };
const NETWORK = z.string().describe('An IPv4 /24 or an IPv6 /48, e.g. `192.0.2.0/24`.');
const CHANGE = z.strictObject({ from: z.unknown(), to: z.unknown() });

export const KEY_EVENT_TYPES: readonly EventType[] = [
  eventType('key.created', 'A key was made.', { ...KEY, roleId: idIn('role'), expiresAt: EXPIRES_AT }),
  eventType('key.updated', 'A key was changed, without a new secret.', {
    ...KEY,
    changes: z.record(z.string(), CHANGE).describe('Every field that changed, with what it was before.'),
  }),
  eventType('key.rotated', 'A key got a new secret.', {
    ...KEY,
    oldSecretEndsAt: timeIn().describe('Until then the old secret works.'),
  }),
  eventType('key.revoked', 'A key was ended for good.', { ...KEY, reason: z.string().nullable() }),
  eventType('key.deleted', 'A key’s record was removed.', KEY),
  eventType('key.expiring', 'A key ends within 30, 7 or 1 days; once for each.', {
    ...KEY,
    daysLeft: z.union([z.literal(30), z.literal(7), z.literal(1)]),
    expiresAt: timeIn(),
  }),
  eventType('key.expired', 'A key has come to its end.', { ...KEY, expiresAt: timeIn() }),
  eventType('key.first_used', 'A key was used for the first time, and with success; within minutes of it.', {
    ...KEY,
    ...SIGHTING,
    network: NETWORK.nullable(),
  }),
  eventType(
    'key.new_network',
    'A key was used from a network that it was never used from before; within minutes of it.',
    {
      ...KEY,
      ...SIGHTING,
      network: NETWORK,
      status: z.int().describe('What that request was answered with: it may have been refused.'),
    },
  ),
  eventType('key.exposed', 'A token of a key was found where everybody can read it; once for each place.', {
    keyId: idIn('key'),
    name: z.string(),
    url: z.string().nullable().describe('Where, as far as it was told.'),
    source: z.string().nullable().describe('In what, e.g. `commit`.'),
    action: z.enum(LEAK_ACTIONS).describe('What was done: `ended` is a key that was none any more.'),
  }),
];
