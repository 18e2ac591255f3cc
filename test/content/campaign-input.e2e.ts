import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { CampaignCalls, MINIMAL } from './campaign-calls.js';

let app: TestApp;
let api: CampaignCalls;

beforeAll(async () => {
  app = await startTestApp();
  api = await CampaignCalls.withNewStore(app);
});

afterAll(() => app.close());

describe('bad input', () => {
  it.each<[string, unknown, string]>([
    ['no name', { platform: 'email' }, 'name'],
    ['an empty name', { ...MINIMAL, name: '' }, 'name'],
    ['a long name', { ...MINIMAL, name: 'x'.repeat(201) }, 'name'],
    ['a number as name', { ...MINIMAL, name: 1 }, 'name'],
    ['NUL in the name', { ...MINIMAL, name: 'a\u0000b' }, 'name'],
    ['half a surrogate pair in the name', { ...MINIMAL, name: 'a\ud800' }, 'name'],
    ['half a surrogate pair in a tag', { ...MINIMAL, tags: ['a', '\udfff'] }, 'tags[1]'],
    ['a long description', { ...MINIMAL, description: 'x'.repeat(5_001) }, 'description'],
    ['an unknown status', { ...MINIMAL, status: 'draft' }, 'status'],
    ['an unknown platform', { ...MINIMAL, platform: 'fax' }, 'platform'],
    ['half a cent', { ...MINIMAL, budgetCents: 1.5 }, 'budgetCents'],
    ['a negative budget', { ...MINIMAL, budgetCents: -1 }, 'budgetCents'],
    ['a budget beyond all bounds', { ...MINIMAL, budgetCents: 1_000_000_000_001 }, 'budgetCents'],
    ['a budget as text', { ...MINIMAL, budgetCents: '100' }, 'budgetCents'],
    ['a currency in small letters', { ...MINIMAL, currency: 'eur' }, 'currency'],
    ['a date without its offset', { ...MINIMAL, startDate: '2026-01-01T00:00:00' }, 'startDate'],
    ['a day that does not exist', { ...MINIMAL, startDate: '2026-02-30T00:00:00Z' }, 'startDate'],
    ['a year beyond 9999', { ...MINIMAL, startDate: '9999-12-31T23:59:59-01:00' }, 'startDate'],
    ['tags as text', { ...MINIMAL, tags: 'a' }, 'tags'],
    ['a tag twice', { ...MINIMAL, tags: ['a', 'a'] }, 'tags[1]'],
    ['too many tags', { ...MINIMAL, tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }, 'tags'],
    ['an unknown field', { ...MINIMAL, colour: 'red' }, 'colour'],
    ['a field that is not the caller’s', { ...MINIMAL, storeId: 'x' }, 'storeId'],
    ['a list', [MINIMAL], 'body'],
    ['an empty object', {}, 'name'],
  ])('refuses %s, in the one shape, and changes nothing', async (_, body, field) => {
    const before = (await api.list('?limit=1')).pagination.totalCount;
    const response = await api
      .call('post', '/campaigns')
      .send(body as object)
      .expect(400);
    expect(response.body).toEqual({
      error: {
        code: 'INVALID_INPUT',
        message: expect.any(String),
        details: { field, reason: expect.any(String), errors: expect.any(Array) },
        requestId: response.headers['x-request-id'],
      },
    });
    expect((await api.list('?limit=1')).pagination.totalCount).toBe(before);
  });

  it.each([
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"x"'],
    ['__proto__', '{"name":"a","platform":"email","__proto__":{"status":"ACTIVE"}}'],
    ['constructor', '{"name":"a","platform":"email","constructor":{"prototype":{}}}'],
    ['toString', '{"name":"a","platform":"email","toString":1}'],
    [
      'a thousand lists in each other',
      `{"name":${'['.repeat(1_000)}${']'.repeat(1_000)},"platform":"email"}`,
    ],
    ['no JSON', '{"name":'],
    ['no body', ''],
  ])('refuses %s as a body', async (_, text) => {
    const response = await api
      .call('post', '/campaigns')
      .set('Content-Type', 'application/json')
      .send(text)
      .expect(400);
    expect(response.body.error).toMatchObject({ requestId: response.headers['x-request-id'] });
  });

  it('names every fault at once', async () => {
    const { body } = await api
      .call('post', '/campaigns')
      .send({ name: 1, status: 'x', tags: [2], extra: true })
      .expect(400);
    const fields = (body.error.details.errors as { field: string }[]).map(({ field }) => field);
    expect(fields.sort()).toEqual(['extra', 'name', 'platform', 'status', 'tags[0]']);
  });

  it('takes what is at the edge', async () => {
    const edge = {
      name: '🌱'.repeat(200),
      description: 'x'.repeat(5_000),
      platform: 'email',
      budgetCents: 0,
      startDate: '0001-01-01T00:00:00.000Z',
      endDate: '9999-12-31T23:59:59.999Z',
      tags: Array.from({ length: 20 }, (_, index) => `${'t'.repeat(48)}${index}`.slice(-50)),
    };
    const campaign = await api.create(edge);
    expect(campaign).toMatchObject(edge);
    expect((await api.call('get', `/campaigns/${campaign.id}`)).body).toEqual(campaign);
  });

  it('refuses a query where none is taken', async () => {
    const campaign = await api.create();
    for (const method of ['get', 'delete'] as const) {
      const { body } = await api.call(method, `/campaigns/${campaign.id}?force=true`).expect(400);
      expect(body.error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'force' } });
    }
    await api.call('get', `/campaigns/${campaign.id}`).expect(200);
  });
});
