import { describe, expect, it } from '@jest/globals';
import { CAMPAIGN_STATUSES, PLATFORMS } from '../campaigns/campaign.entity.js';
import { demoCampaigns } from './demo-campaigns.js';

const STORE = '01890a5d-ac96-774b-bcce-b302099a8057';
const NOW = new Date('2026-05-10T15:00:00Z');

const made = (seed: number, now = NOW) =>
  demoCampaigns(STORE, 400, seed, now).map(({ id: _, ...rest }) => rest);
const campaigns = made(1);

describe('demonstration campaigns', () => {
  it('are the same for the same seed on the same day, and others for another', () => {
    expect(made(1, new Date('2026-05-10T01:00:00Z'))).toEqual(campaigns);
    expect(made(2)).not.toEqual(campaigns);
  });

  it('vary: every status, every platform, some without budget, dates or tags', () => {
    expect(new Set(campaigns.map(({ status }) => status))).toEqual(new Set(CAMPAIGN_STATUSES));
    expect(new Set(campaigns.map(({ platform }) => platform))).toEqual(new Set(PLATFORMS));
    expect(new Set(campaigns.map(({ name }) => name)).size).toBeGreaterThan(300);
    for (const empty of ['budgetCents', 'startDate', 'endDate'] as const) {
      expect(campaigns.some((campaign) => campaign[empty] === null)).toBe(true);
    }
  });

  it('tell a story that holds together', () => {
    for (const { status, startDate, endDate, createdAt, updatedAt } of campaigns) {
      if (status === 'SCHEDULED') expect(startDate!.getTime()).toBeGreaterThan(createdAt.getTime());
      if (status === 'ACTIVE') expect(endDate === null || endDate.getTime() > createdAt.getTime()).toBe(true);
      if (status === 'COMPLETED') expect(endDate!.getTime()).toBeLessThanOrEqual(NOW.getTime());
      if (startDate && endDate) expect(endDate.getTime()).toBeGreaterThan(startDate.getTime());
      expect(updatedAt.getTime()).toBeGreaterThanOrEqual(createdAt.getTime());
      expect(updatedAt.getTime()).toBeLessThanOrEqual(NOW.getTime());
    }
  });
});
