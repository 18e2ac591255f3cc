import type { DemoCampaign, DemoSubjects, Random } from '../../content/index.js';
import { Share } from './chances.js';
import { DAY_MS } from '../../platform/time/index.js';
import { type DemoDay, momentIn } from './demo-days.js';
import type { DemoEvent, Origin } from './demo-event.js';

/** Clicks per impression: mail is opened by those who asked for it. */
const CTR = { email: 0.035, others: 0.021 } as const;
const QUARTER_MS = 900_000;
/** Of those under way, as many are paid for on one day. */
const AT_ONE_TIME = 6;
/** What is seen of a campaign is seen in waves. */
const MOST_AT_ONCE = 8;
/** For how long after it is out a post is seen. */
const POST_DAYS = 4;

/** Somebody who comes because of what they saw. */
export interface Arrival {
  readonly at: number;
  readonly origin: Origin;
}

/** What was seen, clicked and paid for on one day after another. */
export class DemoAdverts {
  private readonly seen: Share;
  private readonly clicked: Share;

  constructor(
    private readonly subjects: DemoSubjects,
    private readonly random: Random,
    private readonly impressionsPerDay: number,
  ) {
    this.seen = new Share(random);
    this.clicked = new Share(random);
  }

  /** @returns the events, and who comes because of them */
  on(day: DemoDay): { readonly events: DemoEvent[]; readonly arrivals: Arrival[] } {
    const [events, arrivals]: [DemoEvent[], Arrival[]] = [[], []];
    const running = this.random.some(
      this.subjects.campaigns.filter((campaign) => runsOn(campaign, day)),
      AT_ONE_TIME,
    );
    const posts = this.subjects.posts.filter(({ publishedAt }) => isFresh(publishedAt, day));
    // Every other campaign is twice as large as its neighbour.
    const parts = running.reduce((sum, _, index) => sum + sizeOf(index), 0);
    const whole = this.impressionsPerDay * day.busy;
    for (const [index, campaign] of running.entries()) {
      const origin = originOf(campaign);
      const chance = campaign.platform === 'email' ? CTR.email : CTR.others;
      const times = this.show((whole * sizeOf(index)) / parts, chance, day, origin, events, arrivals);
      if (times > 0 && campaign.platform !== 'email') events.push(this.spend(day, origin, times));
    }
    for (const { id } of posts) {
      const origin = { postId: id, channel: 'social', source: 'instagram' };
      this.show(whole / 25, CTR.others, day, origin, events, arrivals);
    }
    return { events, arrivals };
  }

  /** @returns how often it was seen */
  private show(
    expected: number,
    chance: number,
    day: DemoDay,
    origin: Origin,
    events: DemoEvent[],
    arrivals: Arrival[],
  ): number {
    const times = this.seen.count(expected * (this.random.between(80, 120) / 100));
    let at = 0;
    for (let shown = 0; shown < times; shown += 1) {
      if (shown % MOST_AT_ONCE === 0) at = momentIn(day, this.random);
      const quarter = Math.floor(at / QUARTER_MS) * QUARTER_MS;
      const seenAt = quarter + this.random.between(0, QUARTER_MS / 2);
      events.push({ kind: 'impression', at: new Date(seenAt), ...origin });
      if (this.clicked.take(chance))
        arrivals.push({ at: seenAt + this.random.between(2_000, 60_000), origin });
    }
    return times;
  }

  /** Told once a day, when it is over: 25 to 45 euros for each thousand times that it was seen. */
  private spend(day: DemoDay, origin: Origin, times: number): DemoEvent {
    const valueMinor = Math.round((times * this.random.between(25, 45)) / 10);
    return { kind: 'spend', at: new Date(day.start + DAY_MS - QUARTER_MS), ...origin, valueMinor };
  }
}

function sizeOf(index: number): number {
  return index % 2 === 0 ? 2 : 1;
}

function runsOn({ startDate, endDate }: DemoCampaign, { start }: DemoDay): boolean {
  return startDate.getTime() <= start && (endDate === null || endDate.getTime() > start);
}

function isFresh(publishedAt: Date, { start }: DemoDay): boolean {
  const out = Math.floor(publishedAt.getTime() / DAY_MS) * DAY_MS;
  return start > out && start <= out + POST_DAYS * DAY_MS;
}

function originOf({ id, platform }: DemoCampaign): Origin {
  return { campaignId: id, channel: platform === 'email' ? 'email' : 'paid-social', source: platform };
}
