import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Body, StoreCalls } from './store-calls.js';

let app: TestApp;
let api: StoreCalls;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
});
afterAll(() => app.close());

const WISHES = {
  startDate: '2026-03-01',
  endDate: '2026-03-28',
  goals: ['sales', 'awareness'],
  platforms: ['feed', 'twitter'],
  postsPerWeek: 3,
  timeZone: 'Europe/Berlin',
};

interface Item {
  readonly scheduledFor: string;
  readonly goal: string;
  readonly platforms: readonly string[];
  readonly title: string;
  readonly caption: string;
  readonly sku: string | null;
}
const itemsOf = ({ items }: Body) => items as readonly Item[];
const preview = async (fields: object = {}): Promise<readonly Item[]> =>
  itemsOf(await api.post('/plans/generate-preview', { ...WISHES, ...fields }, 200));

describe('the preview of a plan', () => {
  it('spreads posts over the days, goals and products, at times of day of the zone', async () => {
    await api.post('/products', { sku: 'MUG', name: 'Blue mug', priceMinor: 1_290, currency: 'EUR' });
    await api.post('/products', {
      sku: 'OLD',
      name: 'Old',
      priceMinor: 1,
      currency: 'EUR',
      status: 'ARCHIVED',
    });
    const items = await preview();
    expect(items).toHaveLength(12);
    expect(new Set(items.map(({ scheduledFor }) => scheduledFor.slice(0, 10))).size).toBe(12);
    expect(items.map(({ scheduledFor }) => scheduledFor)).toEqual(
      items.map((item) => item.scheduledFor).sort(),
    );
    expect(items[0]).toMatchObject({
      goal: 'sales',
      platforms: ['feed', 'twitter'],
      title: 'Blue mug',
      sku: 'MUG',
      scheduledFor: expect.stringMatching(/T08:00:00\.000Z$/),
    });
    expect(items[1]?.goal).toBe('awareness');
    const sold = items.filter(({ goal }) => goal === 'sales');
    expect(sold.every(({ caption }) => caption.includes('Blue mug') && caption.includes('€12.90'))).toBe(
      true,
    );
    expect(items.every(({ caption }) => [...caption].length <= 280)).toBe(true);
    expect(await api.column('/posts')).toEqual([]);
    expect(await api.column('/content-plans')).toEqual([]);
  });

  it('is the same for the same wishes, and speaks of the store where it has no products', async () => {
    expect(await preview()).toEqual(await preview());
    const [first] = await preview();
    expect(first).toMatchObject({ title: 'Test store', sku: null });
    expect(await api.post('/plans/generate-preview', WISHES, 200)).toMatchObject({ provider: 'built-in' });
  });

  it('of a day has one post', async () => {
    expect(await preview({ endDate: '2026-03-01', postsPerWeek: 1 })).toHaveLength(1);
  });

  it.each([
    [{ endDate: '2026-02-28' }, 'endDate'],
    [{ endDate: '2028-03-01' }, 'endDate'],
    [{ endDate: '2027-02-28', postsPerWeek: 21 }, 'postsPerWeek'],
    [{ timeZone: 'Europe/Nowhere' }, 'timeZone'],
    [{ goals: [] }, 'goals'],
    [{ goals: ['fame'] }, 'goals[0]'],
    [{ platforms: ['myspace'] }, 'platforms[0]'],
    [{ startDate: undefined }, 'startDate'],
  ])('with %j is refused', async (fields, field) => {
    const { error } = await api.post('/plans/generate-preview', { ...WISHES, ...fields }, 400);
    expect(error.details.field).toBe(field);
  });

  it('is not for readers', async () => {
    await (await api.as('read-only')).post('/plans/generate-preview', WISHES, 403);
  });
});

describe('a content plan', () => {
  it('is proposed, changed, accepted once, and becomes drafts', async () => {
    const campaign = await api.post('/campaigns', { name: 'Spring', platform: 'email' });
    const plan = await api.post('/content-plans', { ...WISHES, name: 'March', campaignId: campaign.id });
    expect(plan).toMatchObject({ name: 'March', status: 'DRAFT', startDate: '2026-03-01', postIds: [] });
    expect(itemsOf(plan)).toEqual(await preview());
    const items = itemsOf(plan).slice(0, 2);
    const changed = await api.patch(`/content-plans/${plan.id}`, { name: 'Early March', items });
    expect(itemsOf(changed)).toEqual(items);
    const accepted = await api.post(`/content-plans/${plan.id}/accept`, {}, 200);
    expect(accepted).toMatchObject({ status: 'ACCEPTED', name: 'Early March' });
    const { data } = await api.get('/posts?sortBy=scheduledFor&sortOrder=asc');
    expect(data.map(({ id }) => id)).toEqual(accepted['postIds']);
    expect(data[0]).toMatchObject({
      status: 'DRAFT',
      campaignId: campaign.id,
      caption: items[0]?.caption,
      scheduledFor: items[0]?.scheduledFor,
    });
    expect((await api.post(`/content-plans/${plan.id}/accept`, {}, 409)).error.code).toBe('CONFLICT');
    await api.patch(`/content-plans/${plan.id}`, { name: 'Late' }, 409);
    await api.delete(`/content-plans/${plan.id}`);
    expect((await api.get('/posts')).pagination.totalCount).toBe(2);
  });

  it('makes no draft where one item makes none', async () => {
    const item = { scheduledFor: '2026-03-02T08:00:00Z', platforms: ['feed'], caption: 'Words.' };
    const items = [item, { ...item, platforms: ['twitter'], caption: 'x'.repeat(281) }];
    const plan = await api.post('/content-plans', { ...WISHES, name: 'Own', items });
    const { error } = await api.post(`/content-plans/${plan.id}/accept`, {}, 400);
    expect(error.details.field).toBe('items[1].caption');
    expect((await api.get('/posts')).pagination.totalCount).toBe(0);
    expect((await api.get(`/content-plans/${plan.id}`)).status).toBe('DRAFT');
  });

  it('is listed, and is not there for another store', async () => {
    const plan = await api.post('/content-plans', { ...WISHES, name: 'March' });
    await api.post('/content-plans', { ...WISHES, name: 'April' });
    await api.post(`/content-plans/${plan.id}/accept`, {}, 200);
    expect(await api.column('/content-plans?status=ACCEPTED')).toEqual(['March']);
    expect(await api.column('/content-plans?q=april')).toEqual(['April']);
    const stranger = await StoreCalls.inNewStore(app);
    await stranger.get(`/content-plans/${plan.id}`, 404);
    await stranger.post(`/content-plans/${plan.id}/accept`, {}, 404);
  });
});
