import type { Transaction } from '../../platform/database/index.js';
import { newUuid } from '../../platform/ids/index.js';
import {
  Campaign,
  type CampaignStatus,
  type Objective,
  OBJECTIVES,
  type Platform,
  PLATFORMS,
} from '../campaigns/campaign.entity.js';
import { randomOf, type Random } from '../random.js';

const DAY_MS = 86_400_000;
const ROWS_PER_STATEMENT = 200;

const OCCASIONS = [
  'Spring sale',
  'Summer collection',
  'Back to school',
  'Black Friday',
  'Winter warmers',
  'New year, new routine',
  "Mother's Day",
  "Father's Day",
  'Valentine gifts',
  'Garden weekend',
  'Midnight launch',
  'Loyalty week',
  'Free shipping days',
  'Founders’ stories',
  'Customer voices',
  'Behind the scenes',
  'Last chance',
  'Early access',
  'Welcome series',
  'We miss you',
  'Refer a friend',
  'Autumn lookbook',
  'Holiday countdown',
  'Clearance',
] as const;

export const PRODUCTS = [
  'espresso beans',
  'linen shirts',
  'trail shoes',
  'ceramic mugs',
  'desk lamps',
  'sourdough kits',
  'rain jackets',
  'house plants',
  'board games',
  'yoga mats',
  'wool blankets',
  'bicycle bags',
  'hand cream',
  'notebooks',
] as const;

const AUDIENCES = [
  'first-time visitors',
  'returning customers',
  'newsletter readers',
  'city dwellers',
  'students',
  'parents',
  'weekend hikers',
  'small offices',
  'people who left a cart behind',
  'loyalty members',
] as const;

const GOALS: Readonly<Record<Objective, string>> = {
  awareness: 'Be seen by people who do not know us yet.',
  traffic: 'Bring them to the landing page.',
  engagement: 'Get answers, saves and shares.',
  leads: 'Collect addresses for the newsletter.',
  sales: 'Sell what is in stock before the season ends.',
  retention: 'Give those who bought once a reason to come back.',
};

const TAGS = [
  'evergreen',
  'seasonal',
  'video',
  'carousel',
  'influencer',
  'retargeting',
  'test',
  'priority',
  'eu',
  'us',
];
const CURRENCIES = ['USD', 'USD', 'USD', 'EUR', 'EUR', 'GBP'] as const;

type NewCampaign = Omit<Campaign, 'version'>;

/** Fills a store with `demoCampaigns`. */
export async function insertDemoCampaigns(
  tx: Transaction,
  storeId: string,
  count: number,
  seed: number,
): Promise<void> {
  const campaigns = demoCampaigns(storeId, count, seed, new Date());
  for (let start = 0; start < campaigns.length; start += ROWS_PER_STATEMENT) {
    await tx.insert(Campaign, campaigns.slice(start, start + ROWS_PER_STATEMENT));
  }
}

/**
 * Campaigns as a shop has them: over, under way, planned, and drafts without dates. The same seed on the same
 * day makes the same ones, ids apart.
 * @param now they are arranged around the beginning of its day, UTC
 */
export function demoCampaigns(storeId: string, count: number, seed: number, now: Date): NewCampaign[] {
  const random = randomOf(seed);
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return Array.from({ length: count }, () => demoCampaign(random, storeId, today));
}

function demoCampaign(random: Random, storeId: string, today: number): NewCampaign {
  const product = random.pick(PRODUCTS);
  const platform: Platform = random.pick(PLATFORMS);
  const objective: Objective = random.pick(OBJECTIVES);
  // Spread over a year and some weeks back, so that some are under way a year ago, and a quarter ahead.
  const start = today + random.between(-410, 90) * DAY_MS + random.between(6, 20) * 3_600_000;
  const end = start + random.between(3, 60) * DAY_MS;
  const endless = random.chance(0.1);
  const status = statusOf(random, today, start, endless ? Infinity : end);
  const undated = status === 'DRAFT' && random.chance(0.5);
  const createdAt = Math.min(start, today) - random.between(1, 45) * DAY_MS + random.between(0, 86_399_999);
  const touchedAt =
    status === 'PAUSED'
      ? start + (random.between(20, 90) / 100) * (today - start)
      : Math.min(createdAt + random.between(0, 20) * DAY_MS, today);
  return {
    id: newUuid(),
    storeId,
    name: `${random.pick(OCCASIONS)}: ${product} (${platform})`,
    description: `${GOALS[objective]} For ${random.pick(AUDIENCES)}, about our ${product}.`,
    status,
    platform,
    objective,
    budgetCents: random.chance(0.12) ? null : random.between(20, 4_000) * 2_500,
    currency: random.pick(CURRENCIES),
    startDate: undated ? null : new Date(start),
    endDate: undated || endless ? null : new Date(end),
    tags: random.some(TAGS, random.between(0, 4)),
    createdAt: new Date(createdAt),
    updatedAt: new Date(Math.max(createdAt, touchedAt)),
  };
}

/** A status that the dates allow. */
function statusOf(random: Random, today: number, start: number, end: number): CampaignStatus {
  if (random.chance(0.12)) return 'DRAFT';
  if (start > today) return 'SCHEDULED';
  if (end > today) return random.chance(0.15) ? 'PAUSED' : 'ACTIVE';
  return random.chance(0.3) ? 'ARCHIVED' : 'COMPLETED';
}
