import { Conflict, InvalidInput } from '../../platform/errors/index.js';
import { lifeOf } from '../../platform/records/index.js';
import { assertDateOrder } from '../date-order.js';
import type { Campaign, CampaignStatus } from './campaign.entity.js';

/** What may follow on what. */
export const NEXT: Readonly<Record<CampaignStatus, readonly CampaignStatus[]>> = {
  DRAFT: ['SCHEDULED', 'ACTIVE', 'ARCHIVED'],
  SCHEDULED: ['DRAFT', 'ACTIVE', 'ARCHIVED'],
  ACTIVE: ['PAUSED', 'COMPLETED'],
  PAUSED: ['ACTIVE', 'COMPLETED'],
  COMPLETED: ['ARCHIVED'],
  ARCHIVED: [],
};

/**
 * Whether a campaign may become this. A new one may be anything: campaigns that are over are brought along too.
 * @throws Conflict for a step that its life does not have; InvalidInput for dates that do not fit
 */
export function assertFitting(after: Campaign, before: Campaign | undefined): void {
  const { status, startDate } = after;
  if (before && before.status !== status && !NEXT[before.status].includes(status)) {
    throw new Conflict(`A campaign that is ${before.status} cannot become ${status}.`, {
      from: before.status,
      to: status,
      allowed: NEXT[before.status],
    });
  }
  assertDateOrder(after);
  if (status === 'SCHEDULED' && !startDate) {
    throw new InvalidInput([{ field: 'startDate', reason: 'is required for a campaign that is SCHEDULED' }]);
  }
}

/** What happened to a campaign, as types of events: the change, and the step of its life where it took one. */
export function eventsOf(before: Campaign | undefined, after: Campaign | undefined): readonly string[] {
  const change = lifeOf('campaign', before, after);
  const step = after && after.status !== before?.status ? stepTo(after.status, before?.status) : undefined;
  return step === undefined ? [change] : [change, step];
}

function stepTo(status: CampaignStatus, before: CampaignStatus | undefined): string | undefined {
  switch (status) {
    case 'ACTIVE':
      return before === 'PAUSED' ? 'campaign.resumed' : 'campaign.started';
    case 'PAUSED':
      return 'campaign.paused';
    case 'COMPLETED':
      return 'campaign.completed';
    case 'ARCHIVED':
      return 'campaign.archived';
    default:
      return undefined;
  }
}

/** When the clock must look at a campaign next; undefined where nothing is left to its time. */
export function nextTurn({ status, startDate, endDate }: Campaign): Date | undefined {
  if (status === 'SCHEDULED') return startDate ?? undefined;
  return status === 'ACTIVE' || status === 'PAUSED' ? (endDate ?? undefined) : undefined;
}

/** What a campaign is by now, where its time has come. */
export function turned(campaign: Campaign, now: Date): CampaignStatus | undefined {
  const at = nextTurn(campaign);
  if (!at || at > now) return undefined;
  return campaign.status === 'SCHEDULED' ? 'ACTIVE' : 'COMPLETED';
}
