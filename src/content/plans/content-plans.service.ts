import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import { Conflict, type FieldError, InvalidInput } from '../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { matching, type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { Brands } from '../brand/brands.js';
import { assertDateOrder } from '../date-order.js';
import { Subjects } from '../generation/subjects.js';
import { PostRecords } from '../posts/post-records.js';
import { ContentPlan } from './content-plan.entity.js';
import type {
  ContentPlanBody,
  ContentPlanListQuery,
  ContentPlanPatch,
  PlanItemBody,
  PlanWishesBody,
} from './dto/plan-body.js';
import { type ContentPlanView, type PlanPreviewView, viewOf } from './dto/plan-view.js';
import { countOf, daysOf, MOST_PLANNED, type PlanItem, planItems } from './plan-items.js';
import { isTimeZone } from '../../platform/time/index.js';

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;
/** Products that a plan may speak of: the newest. */
const MOST_SUBJECTS = 50;

/** The content plans of one store at a time. */
@Injectable()
export class ContentPlansService {
  private readonly plans: StoreCollection<ContentPlan, ContentPlanView>;

  constructor(
    records: StoreRecords,
    private readonly posts: PostRecords,
    private readonly brands: Brands,
    private readonly subjects: Subjects,
  ) {
    this.plans = records.of<ContentPlan, ContentPlanView>({
      entity: ContentPlan,
      name: 'contentPlan',
      plural: 'content-plans',
      view: viewOf,
    });
  }

  /** Proposes posts, and keeps nothing. @throws InvalidInput */
  async preview(store: StoreScope, wishes: PlanWishesBody): Promise<PlanPreviewView> {
    return { provider: 'built-in', items: await this.propose(store, withWholeDays(wishes)) };
  }

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: ContentPlanListQuery): Promise<Page<ContentPlanView>> {
    return this.plans.page(store, query, (builder, { q, status, campaignId }) => {
      matching(builder, q, ['name']);
      if (status) builder.andWhere('contentPlan.status = :status', { status });
      if (campaignId) builder.andWhere('contentPlan.campaignId = :campaignId', { campaignId });
    });
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<ContentPlanView> {
    return this.plans.get(store, id);
  }

  /** @throws InvalidInput; what BusinessTransactions throws for its Idempotency-Key */
  async create(context: RequestContext, store: StoreScope, body: ContentPlanBody): Promise<ContentPlanView> {
    const { items, name, campaignId = null, ...given } = body;
    const wishes = withWholeDays(given);
    const planned = items ? items.map(itemOf) : await this.propose(store, wishes);
    return this.plans.create(context, store, async (tx) => {
      await this.posts.assertCampaign(tx, store, campaignId);
      return { ...wishes, name, campaignId, items: planned, status: 'DRAFT' as const, postIds: [] };
    });
  }

  /** Changes the given fields. @throws NotFound, PreconditionFailed, InvalidInput, Conflict once it is accepted */
  update(
    context: RequestContext,
    store: StoreScope,
    id: string,
    { items, ...patch }: ContentPlanPatch,
  ): Promise<ContentPlanView> {
    return this.plans.change(context, store, id, async (before, tx) => {
      assertOpen(before);
      await this.posts.assertCampaign(tx, store, patch.campaignId);
      return items ? { ...patch, items: items.map(itemOf) } : patch;
    });
  }

  /** Its drafts stay. @throws NotFound, PreconditionFailed */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.plans.delete(context, store, id);
  }

  /**
   * Makes a draft of each item: all, or none.
   * @throws NotFound, PreconditionFailed, Conflict once it is accepted; InvalidInput for an item that makes no post
   */
  accept(context: RequestContext, store: StoreScope, id: string): Promise<ContentPlanView> {
    return this.plans.change(context, store, id, async (plan, tx) => {
      assertOpen(plan);
      return { status: 'ACCEPTED', postIds: await this.draft(tx, store, plan) };
    });
  }

  private async draft(
    tx: Transaction,
    store: StoreScope,
    { items, campaignId }: ContentPlan,
  ): Promise<string[]> {
    const ids: string[] = [];
    for (const [index, { scheduledFor, platforms, title, caption, link }] of items.entries()) {
      try {
        const post = await this.posts.all.insert(tx, store, {
          ...{ campaignId, title, caption, link, platforms: [...platforms], variants: [], tags: [] },
          ...{
            status: 'DRAFT',
            scheduledFor: new Date(scheduledFor),
            publishedAt: null,
            publications: [],
            mediaIds: [],
          },
        });
        ids.push(post.id);
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        const named = ({ field, reason }: FieldError) => ({ field: `items[${index}].${field}`, reason });
        const [first, ...others] = error.errors;
        throw new InvalidInput([named(first), ...others.map(named)]);
      }
    }
    return ids;
  }

  private async propose(store: StoreScope, wishes: PlanWishesBody): Promise<PlanItem[]> {
    const voice = await this.brands.voiceOf(store, wishes.tone);
    const subjects = await this.subjects.newest(store, MOST_SUBJECTS);
    return planItems(wishes, voice, subjects);
  }
}

/** A day given with a time of day stands for the day. @throws InvalidInput for wishes that make no plan */
function withWholeDays(given: PlanWishesBody): PlanWishesBody {
  const dayOf = (date: Date) => new Date(Math.floor(date.getTime() / DAY_MS) * DAY_MS);
  const wishes = { ...given, startDate: dayOf(given.startDate), endDate: dayOf(given.endDate) };
  assertDateOrder(wishes);
  if (daysOf(wishes) > MOST_DAYS) {
    throw new InvalidInput([
      { field: 'endDate', reason: `must be at most ${MOST_DAYS} days after startDate` },
    ]);
  }
  if (!isTimeZone(wishes.timeZone)) {
    throw new InvalidInput([
      { field: 'timeZone', reason: 'must be a time zone of IANA, e.g. Europe/Berlin' },
    ]);
  }
  if (countOf(wishes) > MOST_PLANNED) {
    throw new InvalidInput([
      { field: 'postsPerWeek', reason: `makes more than ${MOST_PLANNED} posts in that time` },
    ]);
  }
  return wishes;
}

function itemOf({ scheduledFor, goal, platforms, title, caption, link, sku }: PlanItemBody): PlanItem {
  return {
    scheduledFor: scheduledFor.toISOString(),
    ...{ goal, platforms, title, caption },
    link: link ?? null,
    sku: sku ?? null,
  };
}

/** @throws Conflict */
function assertOpen({ status }: ContentPlan): void {
  if (status === 'DRAFT') return;
  throw new Conflict('The plan is accepted: its drafts are changed one by one.', { status });
}
