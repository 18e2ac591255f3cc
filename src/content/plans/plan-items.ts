import { createHash } from 'node:crypto';
import type { Objective } from '../campaigns/campaign.entity.js';
import { composeText, type Subject, type Voice } from '../generation/built-in/compose.js';
import { type Random, randomOf } from '../random.js';
import { PLATFORM_LIMITS, type PostPlatform } from '../posts/post-platforms.js';
import { momentOf } from './zoned-time.js';

const DAY_MS = 86_400_000;
/** When posts are usually read, as minutes after midnight. */
const TIMES = [9 * 60, 12 * 60 + 30, 18 * 60] as const;
export const MOST_PLANNED = 200;

/** What a plan is made for. */
export interface PlanWishes {
  /** The first and the last day, each as its beginning in UTC. */
  readonly startDate: Date;
  readonly endDate: Date;
  readonly goals: readonly Objective[];
  readonly platforms: readonly PostPlatform[];
  readonly postsPerWeek: number;
  /** IANA. */
  readonly timeZone: string;
}

/** A post that is proposed. */
export interface PlanItem {
  /** RFC 3339. */
  readonly scheduledFor: string;
  readonly goal: Objective;
  readonly platforms: readonly PostPlatform[];
  readonly title: string;
  readonly caption: string;
  readonly link: string | null;
  /** The product it is about. */
  readonly sku: string | null;
}

/** Days of a plan, its last one included. */
export function daysOf({ startDate, endDate }: Pick<PlanWishes, 'startDate' | 'endDate'>): number {
  return Math.floor((endDate.getTime() - startDate.getTime()) / DAY_MS) + 1;
}

/** How many posts a plan comes to: at least one, whatever its length. */
export function countOf(wishes: PlanWishes): number {
  return Math.max(1, Math.round((daysOf(wishes) / 7) * wishes.postsPerWeek));
}

/**
 * A calendar of proposed posts, spread evenly over the days, the goals and the products in turn. The same wishes about
 * the same products make the same calendar.
 */
export function planItems(wishes: PlanWishes, voice: Voice, subjects: readonly Subject[]): PlanItem[] {
  const random = randomOf(seedOf([wishes, voice, subjects.map(({ sku }) => sku)]));
  const [days, count] = [daysOf(wishes), countOf(wishes)];
  const most = Math.min(...wishes.platforms.map((platform) => PLATFORM_LIMITS[platform].caption));
  return Array.from({ length: count }, (_, index) => {
    const goal = wishes.goals[index % wishes.goals.length] ?? 'awareness';
    const subject = subjects[index % Math.max(1, subjects.length)];
    const day = Math.floor(((index + 0.5) * days) / count);
    return itemOf(random, { goal, subject, voice, most, at: momentAt(wishes, day, index), wishes });
  });
}

function momentAt({ startDate, timeZone }: PlanWishes, day: number, index: number): Date {
  const date = new Date(startDate.getTime() + day * DAY_MS);
  return momentOf(date, TIMES[index % TIMES.length] ?? TIMES[0], timeZone);
}

function itemOf(
  random: Random,
  {
    goal,
    subject,
    voice,
    most,
    at,
    wishes,
  }: {
    goal: Objective;
    subject: Subject | undefined;
    voice: Voice;
    most: number;
    at: Date;
    wishes: PlanWishes;
  },
): PlanItem {
  return {
    scheduledFor: at.toISOString(),
    goal,
    platforms: wishes.platforms,
    title: subject?.name ?? voice.brand,
    caption: composeText(random, { goal }, voice, subject, most),
    link: subject?.url ?? null,
    sku: subject?.sku ?? null,
  };
}

function seedOf(value: unknown): number {
  return createHash('sha256').update(JSON.stringify(value)).digest().readUInt32BE(0);
}
