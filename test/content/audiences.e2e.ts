import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Body, StoreCalls } from './store-calls.js';

let app: TestApp;
let api: StoreCalls;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
});
afterAll(() => app.close());

const CUSTOMERS = [
  {
    reference: 'ada',
    attributes: { city: 'Berlin', orders: 5, vip: true, since: '2025-03-01', likes: ['tea'] },
  },
  { reference: 'bo', attributes: { city: 'Bonn', orders: 1, vip: false, since: '2026-01-01' } },
  { reference: 'cy', attributes: { city: 'berlin', orders: '9' } },
  { reference: 'di', attributes: {} },
];

const audience = (fields: object = {}): Promise<Body> => api.post('/audiences', { name: 'Some', ...fields });
const list = (id: string, members: object[] = CUSTOMERS): Promise<Body> =>
  api.post(`/audiences/${id}/members`, { members }, 200);
const members = async (id: string) =>
  (await api.column(`/audiences/${id}/members?sortBy=reference&sortOrder=asc`, 'reference')).join(' ');

describe('an audience', () => {
  it('is made, read, replaced, changed and deleted', async () => {
    const rules = { match: 'any', conditions: [{ attribute: 'vip', operator: 'eq', value: true }] };
    const made = await audience({ description: 'The best.', rules });
    expect(made).toMatchObject({ name: 'Some', description: 'The best.', rules });
    expect(await api.get(`/audiences/${made.id}`)).toEqual(made);
    expect(await api.put(`/audiences/${made.id}`, { name: 'Other' })).toMatchObject({
      name: 'Other',
      description: '',
      rules: null,
    });
    expect(await api.patch(`/audiences/${made.id}`, { rules })).toMatchObject({ name: 'Other', rules });
    await api.delete(`/audiences/${made.id}`);
    await api.get(`/audiences/${made.id}`, 404);
  });

  it.each([
    [{ attribute: 'a b', operator: 'eq', value: 1 }, 'rules.conditions[0].attribute'],
    [{ attribute: 'a', operator: 'like', value: 1 }, 'rules.conditions[0].operator'],
    [{ attribute: 'a', operator: 'eq' }, 'rules.conditions[0].value'],
    [{ attribute: 'a', operator: 'eq', value: { a: 1 } }, 'rules.conditions[0].value'],
    [{ attribute: 'a', operator: 'in', value: 'x' }, 'rules.conditions[0].value'],
    [{ attribute: 'a', operator: 'in', value: [] }, 'rules.conditions[0].value'],
    [{ attribute: 'a', operator: 'gt', value: true }, 'rules.conditions[0].value'],
    [{ attribute: 'a', operator: 'contains', value: 1 }, 'rules.conditions[0].value'],
    [{ attribute: 'a', operator: 'exists', value: 1 }, 'rules.conditions[0].value'],
  ])('with the condition %j is refused', async (condition, field) => {
    const rules = { conditions: [condition] };
    expect((await api.post('/audiences', { name: 'A', rules }, 400)).error.details.field).toBe(field);
    expect((await api.post('/audiences/estimate', { rules }, 400)).error.details.field).toBe(field);
  });

  it('is found by words of its name and text', async () => {
    await audience({ name: 'Tea drinkers' });
    await audience({ name: 'Others', description: 'Who like coffee.' });
    expect(await api.column('/audiences?q=coffee')).toEqual(['Others']);
  });

  it('is not there for another store', async () => {
    const { id } = await audience();
    const stranger = await StoreCalls.inNewStore(app);
    await stranger.get(`/audiences/${id}/members`, 404);
    await stranger.get(`/audiences/${id}/size`, 404);
    await stranger.post(`/audiences/${id}/members`, { members: CUSTOMERS }, 404);
  });
});

describe('the rules', () => {
  beforeEach(async () => {
    await list((await audience({ name: 'Everybody' })).id);
  });

  it.each([
    ['eq', 'city', 'Berlin', 'ada'],
    ['ne', 'city', 'Berlin', 'bo cy di'],
    ['eq', 'vip', false, 'bo'],
    ['eq', 'orders', 5, 'ada'],
    ['gt', 'orders', 1, 'ada'],
    ['gte', 'orders', 1, 'ada bo'],
    ['lt', 'orders', 5, 'bo'],
    ['lte', 'orders', 5, 'ada bo'],
    ['lt', 'since', '2026-01-01', 'ada'],
    ['gte', 'since', '2025-03-01', 'ada bo'],
    ['in', 'city', ['Bonn', 'berlin'], 'bo cy'],
    ['contains', 'city', 'BERL', 'ada cy'],
    ['contains', 'likes', 'tea', 'ada'],
    ['contains', 'city', '%', ''],
    ['exists', 'vip', undefined, 'ada bo'],
    ['missing', 'vip', undefined, 'cy di'],
    ['eq', 'city', `'; DROP TABLE customers; --`, ''],
  ])('%s %s %j', async (operator, attribute, value, expected) => {
    const rules = { conditions: [{ attribute, operator, value }] };
    const { id } = await audience({ rules });
    expect(await members(id)).toBe(expected);
    const size = expected === '' ? 0 : expected.split(' ').length;
    expect(await api.get(`/audiences/${id}/size`)).toEqual({ size, exact: true });
    expect(await api.post('/audiences/estimate', { rules }, 200)).toEqual({ size, exact: true });
  });

  it('hold together, or any of them', async () => {
    const conditions = [
      { attribute: 'city', operator: 'contains', value: 'berlin' },
      { attribute: 'orders', operator: 'gte', value: 1 },
    ];
    expect(await members((await audience({ rules: { match: 'all', conditions } })).id)).toBe('ada');
    expect(await members((await audience({ rules: { match: 'any', conditions } })).id)).toBe('ada bo cy');
  });
});

describe('listing customers', () => {
  it('makes them, changes what is known, and counts each once', async () => {
    const { id } = await audience();
    expect(await list(id)).toEqual({ created: 4, updated: 0, listed: 4 });
    const again = [{ reference: 'ada', attributes: { orders: 6 } }, { reference: 'di' }, { reference: 'ed' }];
    expect(await list(id, again)).toEqual({ created: 1, updated: 1, listed: 1 });
    const { data } = await api.get(`/audiences/${id}/members?sortBy=reference&sortOrder=asc`);
    expect(data[0]).toMatchObject({ reference: 'ada', attributes: { city: 'Berlin', orders: 6 } });
    expect(data).toHaveLength(5);
  });

  it('adds those that fit the rules to those that are listed, and takes them off one by one', async () => {
    await list((await audience()).id);
    const rules = { conditions: [{ attribute: 'city', operator: 'eq', value: 'Bonn' }] };
    const { id } = await audience({ rules });
    await list(id, [{ reference: 'di' }, { reference: 'bo' }]);
    expect(await members(id)).toBe('bo di');
    const { data } = await api.get(`/audiences/${id}/members`);
    for (const customer of data) await api.delete(`/audiences/${id}/members/${customer.id}`);
    expect(await members(id)).toBe('bo');
    await api.delete(`/audiences/${id}/members/${data[0]?.id}`, 404);
  });

  it('of the same new customers at once makes each once', async () => {
    const audiences = await Promise.all([audience(), audience(), audience()]);
    await Promise.all(audiences.map(({ id }) => list(id)));
    for (const { id } of audiences) expect(await members(id)).toBe('ada bo cy di');
  });

  it('leaves nothing personal in the change log', async () => {
    await list((await audience()).id, [{ reference: 'eve@example.org', attributes: { city: 'Evetown' } }]);
    const rows = await app.sql(
      `SELECT 1 FROM change_log WHERE (coalesce(after, before))::text ~ 'eve@|Evetown'`,
    );
    expect(rows).toEqual([]);
  });

  it.each([
    [[], 'members'],
    [[{ reference: ' ' }], 'members[0].reference'],
    [[{ reference: 'a' }, { reference: 'a' }], 'members[1].reference'],
    [[{ reference: 'a', attributes: { 'a-b': 1 } }], 'members[0].attributes'],
    [[{ reference: 'a', attributes: { a: { b: 1 } } }], 'members[0].attributes.a'],
    [[{ reference: 'a', attributes: { a: null } }], 'members[0].attributes.a'],
  ])('of %j is refused', async (given, field) => {
    const { id } = await audience();
    const { error } = await api.post(`/audiences/${id}/members`, { members: given }, 400);
    expect(error.details.field).toBe(field);
  });
});

describe('the import of customers', () => {
  it('lists those of a feed, and reports each bad row', async () => {
    const { id } = await audience();
    const content = 'id,city,orders,vip\nada,Berlin,5,true\n,Bonn,,\nbo,Bonn,x,\nada,Köln,,\n';
    const input = { audienceId: id, format: 'csv', content };
    const { id: jobId } = await api.post('/jobs', { type: 'audiences.import', input }, 202);
    expect(await api.get(`/jobs/${jobId}?wait=30`)).toMatchObject({
      status: 'succeeded',
      result: { rows: 4, created: 2, listed: 2, refused: 1 },
    });
    expect((await api.get(`/jobs/${jobId}/errors`)).data).toEqual([
      { row: 2, field: 'reference', reason: 'is required' },
    ]);
    const { data } = await api.get(`/audiences/${id}/members?sortBy=reference&sortOrder=asc`);
    expect(data).toMatchObject([
      { reference: 'ada', attributes: { city: 'Köln' } },
      { reference: 'bo', attributes: { city: 'Bonn', orders: 'x' } },
    ]);
  });

  it('into an audience that is not there fails with a reason', async () => {
    const input = { audienceId: 'aud_01h455vb4pex5vsknk084sn02q', format: 'csv', content: 'id\n1\n' };
    const { id } = await api.post('/jobs', { type: 'audiences.import', input }, 202);
    expect(await api.get(`/jobs/${id}?wait=30`)).toMatchObject({
      status: 'failed',
      error: { code: 'NOT_FOUND' },
    });
  });
});
