import { expect } from '@jest/globals';
import {
  acceptContentPlan,
  createContentPlan,
  createProduct,
  type GeneratePlanPreviewData,
  generatePlanPreview,
  listPosts,
} from '../../../.test-build/client/index.js';
import { type Access, clientFor, dataOf } from './life.js';

const WISHES: GeneratePlanPreviewData['body'] = {
  startDate: '2099-03-02',
  endDate: '2099-03-29',
  goals: ['sales', 'awareness'],
  platforms: ['feed'],
  postsPerWeek: 2,
  timeZone: 'Europe/Berlin',
};

/** A calendar is looked at, kept, and becomes drafts. */
export async function live(access: Access): Promise<void> {
  const client = clientFor(access);
  const mug = { sku: 'MUG-1', name: 'Blue mug', priceMinor: 1_290, currency: 'EUR' };
  dataOf(await createProduct({ client, body: mug }));

  const preview = dataOf(await generatePlanPreview({ client, body: WISHES }));
  expect(preview.items).toHaveLength(8);
  expect(preview.items[0]).toMatchObject({ goal: 'sales', sku: 'MUG-1', platforms: ['feed'] });

  const plan = dataOf(await createContentPlan({ client, body: { ...WISHES, name: 'March' } }));
  expect([plan.status, plan.items]).toEqual(['DRAFT', preview.items]);

  const accepted = dataOf(await acceptContentPlan({ client, path: { id: plan.id } }));
  expect([accepted.status, accepted.postIds.length]).toEqual(['ACCEPTED', 8]);

  const inOrder = { sortBy: 'scheduledFor', sortOrder: 'asc' } as const;
  const drafts = dataOf(await listPosts({ client, query: { ...inOrder, status: 'DRAFT' } }));
  expect(drafts.data.map(({ id }) => id)).toEqual(accepted.postIds);
  expect(drafts.data.map(({ caption, scheduledFor }) => ({ caption, scheduledFor }))).toEqual(
    plan.items.map(({ caption, scheduledFor }) => ({ caption, scheduledFor })),
  );
}
