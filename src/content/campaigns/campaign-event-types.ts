import { z } from 'zod';
import { type EventType, eventType, idIn, timeIn } from '../../platform/events/index.js';
import { CAMPAIGN_STATUSES, OBJECTIVES, PLATFORMS } from './campaign.entity.js';

const CAMPAIGN = {
  id: idIn('campaign'),
  storeId: idIn('store'),
  name: z.string(),
  description: z.string(),
  status: z.enum(CAMPAIGN_STATUSES),
  platform: z.enum(PLATFORMS),
  objective: z.enum(OBJECTIVES),
  budgetCents: z.int().nullable(),
  currency: z.string(),
  startDate: timeIn().nullable(),
  endDate: timeIn().nullable(),
  tags: z.array(z.string()),
  createdAt: timeIn(),
  updatedAt: timeIn(),
};

export const CAMPAIGN_EVENT_TYPES: readonly EventType[] = [
  eventType('campaign.created', 'A campaign was made.', CAMPAIGN),
  eventType('campaign.updated', 'A campaign was changed; the data are the campaign as it is now.', CAMPAIGN),
  eventType('campaign.deleted', 'A campaign was deleted; the data are what it was.', CAMPAIGN),
  eventType('campaign.started', 'A campaign began to run.', CAMPAIGN),
  eventType('campaign.paused', 'A running campaign was paused.', CAMPAIGN),
  eventType('campaign.resumed', 'A paused campaign runs again.', CAMPAIGN),
  eventType('campaign.completed', 'A campaign has come to its end.', CAMPAIGN),
  eventType('campaign.archived', 'A campaign was put away.', CAMPAIGN),
];
