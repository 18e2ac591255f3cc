import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { until } from '../faults/until.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Body, StoreCalls } from './store-calls.js';

const PATIENCE_MS = 20_000;

let app: TestApp;
let api: StoreCalls;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
  api = await StoreCalls.inNewStore(app);
});
afterAll(() => app.close());

const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();
const FAR = { startDate: ahead(86_400_000), endDate: ahead(2 * 86_400_000) };
const STATUSES = ['DRAFT', 'SCHEDULED', 'ACTIVE', 'PAUSED', 'COMPLETED', 'ARCHIVED'] as const;
const LEGAL: Readonly<Record<string, readonly string[]>> = {
  DRAFT: ['SCHEDULED', 'ACTIVE', 'ARCHIVED'],
  SCHEDULED: ['DRAFT', 'ACTIVE', 'ARCHIVED'],
  ACTIVE: ['PAUSED', 'COMPLETED'],
  PAUSED: ['ACTIVE', 'COMPLETED'],
  COMPLETED: ['ARCHIVED'],
  ARCHIVED: [],
};

const create = (fields: object = {}): Promise<Body> =>
  api.post('/campaigns', { name: 'Spring sale', platform: 'email', ...fields });

const becomes = (campaign: Body, status: string) =>
  until(
    `the campaign is ${status}`,
    async () => (await api.get(`/campaigns/${campaign.id}`)).status === status,
    PATIENCE_MS,
  );

describe("a campaign's life", () => {
  it.each(STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const)))(
    'from %s to %s',
    async (from, to) => {
      const campaign = await create({ ...FAR, status: from });
      const { status, body } = await api.call('patch', `/campaigns/${campaign.id}`).send({ status: to });
      if (from === to || LEGAL[from]?.includes(to)) {
        expect({ status, now: body.status }).toEqual({ status: 200, now: to });
      } else {
        expect(status).toBe(409);
        expect(body.error).toMatchObject({ code: 'CONFLICT', details: { from, to, allowed: LEGAL[from] } });
        expect((await api.get(`/campaigns/${campaign.id}`)).status).toBe(from);
      }
    },
  );

  it('is told step by step', async () => {
    const campaign = await create(FAR);
    for (const status of ['SCHEDULED', 'ACTIVE', 'PAUSED', 'ACTIVE', 'COMPLETED', 'ARCHIVED']) {
      await api.patch(`/campaigns/${campaign.id}`, { status });
    }
    expect(await api.eventsOf(campaign)).toEqual([
      'campaign.created',
      'campaign.updated',
      ...['started', 'paused', 'resumed', 'completed', 'archived'].flatMap((step) => [
        'campaign.updated',
        `campaign.${step}`,
      ]),
    ]);
  });

  it('stays where it is when a whole campaign is put in its place without a status', async () => {
    const campaign = await create({ ...FAR, status: 'PAUSED' });
    const whole = await api.put(`/campaigns/${campaign.id}`, { name: 'Anew', platform: 'email' });
    expect(whole).toMatchObject({ name: 'Anew', status: 'PAUSED', startDate: null });
  });

  it('is not scheduled without a start', async () => {
    const { error } = await api.post(
      '/campaigns',
      { name: 'A', platform: 'email', status: 'SCHEDULED' },
      400,
    );
    expect(error.details).toMatchObject({ field: 'startDate' });
  });
});

describe('the clock', () => {
  it('starts a campaign at its start and completes it at its end, once each', async () => {
    const campaign = await create({ status: 'SCHEDULED', startDate: ahead(300), endDate: ahead(900) });
    await becomes(campaign, 'COMPLETED');
    expect(await api.eventsOf(campaign)).toEqual([
      'campaign.created',
      'campaign.updated',
      'campaign.started',
      'campaign.updated',
      'campaign.completed',
    ]);
    expect(await api.changesOf('campaign', campaign)).toMatchObject([
      { action: 'insert', actor_type: 'key' },
      { action: 'update', actor_type: 'system', actor_id: 'campaigns.keep-time' },
      { action: 'update', actor_type: 'system', actor_id: 'campaigns.keep-time' },
    ]);
  });

  it('goes by the start as it was moved', async () => {
    const campaign = await create({ ...FAR, status: 'SCHEDULED' });
    await api.patch(`/campaigns/${campaign.id}`, { startDate: ahead(200) });
    await becomes(campaign, 'ACTIVE');
  });

  it('completes a campaign that is paused when its end comes', async () => {
    const campaign = await create({ status: 'ACTIVE' });
    await api.patch(`/campaigns/${campaign.id}`, { status: 'PAUSED', endDate: ahead(200) });
    await becomes(campaign, 'COMPLETED');
  });

  it('stands still for an organization that is suspended', async () => {
    const other = await StoreCalls.inNewStore(app);
    const [waiting] = [
      await other.post('/campaigns', { name: 'Waits', platform: 'email', ...FAR, status: 'SCHEDULED' }),
    ];
    const organization = fromPublicId('organization', other.key.organizationId);
    await app.sql(`UPDATE organizations SET status = 'suspended' WHERE id = $1`, [organization]);
    await app.sql(`UPDATE campaigns SET start_date = now() - interval '1 minute' WHERE id = $1`, [
      fromPublicId('campaign', waiting.id),
    ]);
    // Whatever the alarm of another campaign sets off sees this one too.
    await becomes(await create({ status: 'SCHEDULED', startDate: ahead(100) }), 'ACTIVE');
    await app.sql(`UPDATE organizations SET status = 'active' WHERE id = $1`, [organization]);
    expect((await other.get(`/campaigns/${waiting.id}`)).status).toBe('SCHEDULED');
    await becomes(await create({ status: 'SCHEDULED', startDate: ahead(100) }), 'ACTIVE');
    await until(
      'it goes on',
      async () => (await other.get(`/campaigns/${waiting.id}`)).status === 'ACTIVE',
      PATIENCE_MS,
    );
  });
});

describe('the search', () => {
  it('looks for words in name and description, whatever their capitals', async () => {
    const other = await StoreCalls.inNewStore(app);
    for (const [name, description] of [
      ['Spring sale', 'Seeds and bulbs.'],
      ['Summer', 'After the spring, the garden.'],
      ['Winter', 'Nothing grows.'],
    ]) {
      await other.post('/campaigns', { name, description, platform: 'email' });
    }
    const found = (q: string) =>
      other.column(`/campaigns?sortBy=name&sortOrder=asc&q=${encodeURIComponent(q)}`);
    expect(await found('SPRING')).toEqual(['Spring sale', 'Summer']);
    expect(await found('spring -garden')).toEqual(['Spring sale']);
    expect(await found('"nothing grows" or bulbs')).toEqual(['Spring sale', 'Winter']);
    expect(await found(`'); DROP TABLE campaigns; --`)).toEqual([]);
    expect(await found('the & | ! ( :*')).toEqual(['Summer']);
  });
});
