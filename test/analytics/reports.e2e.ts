import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Body, StoreCalls } from '../content/store-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { finished } from './report-calls.js';

let app: TestApp;
let api: StoreCalls;
beforeAll(async () => {
  app = await startTestApp({ runsJobs: true, environment: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
});
beforeEach(async () => {
  api = await StoreCalls.inNewStore(app);
});
afterAll(() => app.close());

const REPORT = { name: 'Last week', period: 'last-7-days' };
const create = (fields: object = {}): Promise<Body> =>
  api.post('/analytics/reports', { ...REPORT, ...fields });
const send = (...events: object[]): Promise<Body> => api.post('/analytics/events/batch', { events }, 200);
const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

async function made(fields: object = {}) {
  const { id } = await create(fields);
  const run = await api.post(`/analytics/reports/${id}/run`, {}, 202);
  const path = `/analytics/reports/${id}/runs/${run.id}`;
  return { id, path, run: await finished(api, path) };
}

describe('a report', () => {
  it('is written, changed, replaced, found and deleted', async () => {
    const { secret, ...report } = await create({ schedule: '0 7 * * 1', timezone: 'Europe/Berlin' });
    expect(secret).toBeNull();
    expect(report).toMatchObject({
      ...REPORT,
      ...{ sections: ['dashboard'], formats: ['html'], granularity: 'day', status: 'ACTIVE' },
      delivery: { webhookUrl: null, emails: [] },
    });
    const next = new Date(String(report['nextRunAt']));
    expect(
      next.toLocaleString('en-GB', { timeZone: 'Europe/Berlin', weekday: 'short', timeStyle: undefined }),
    ).toBe('Mon');
    const path = `/analytics/reports/${report.id}`;
    expect(await api.get(path)).toEqual(report);
    expect(await api.patch(path, { status: 'PAUSED' })).toMatchObject({ status: 'PAUSED', nextRunAt: null });
    const whole = await api.put(path, { ...REPORT, name: 'Anew', schedule: '30 6 * * *' });
    expect(whole).toMatchObject({ name: 'Anew', status: 'PAUSED', timezone: 'UTC', nextRunAt: null });
    const back = await api.patch(path, { status: 'ACTIVE' });
    expect(String(back['nextRunAt'])).toMatch(/T06:30:00\.000Z$/);
    expect(await api.patch(path, { schedule: null })).toMatchObject({ schedule: null, nextRunAt: null });
    expect(await api.column('/analytics/reports?q=anew')).toEqual(['Anew']);
    await api.delete(path);
    await api.get(path, 404);
  });

  it.each([
    [{ name: ' ' }, 'name', 'must not be blank'],
    [{ sections: [] }, 'sections', 'must have at least 1 item'],
    [{ sections: ['dashboard', 'dashboard'] }, 'sections[1]', 'is there twice'],
    [{ sections: ['funnel'] }, 'funnel', 'is required for the section funnel'],
    [{ funnel: { steps: ['visit'] } }, 'funnel.steps', 'must have at least 2 items'],
    [{ funnel: { steps: ['visit', 'wish'] } }, 'funnel.steps[1]', expect.stringContaining('must be one of')],
    [{ attribution: { lookbackDays: 91 } }, 'attribution.lookbackDays', expect.any(String)],
    [{ formats: [] }, 'formats', 'must have at least 1 item'],
    [{ formats: ['pdf'] }, 'formats[0]', 'must be one of html, csv, json'],
    [{ timezone: 'Mars/Olympus' }, 'timezone', expect.stringContaining('time zone')],
    [{ schedule: '* * * * *' }, 'schedule', expect.stringContaining('more often than hourly')],
    [{ schedule: 'tomorrow' }, 'schedule', expect.stringContaining('five fields')],
    [{ schedule: '0 0 31 2 *' }, 'schedule', 'never comes due'],
    [{ delivery: { webhookUrl: 'ftp://a.example' } }, 'delivery.webhookUrl', expect.any(String)],
    [{ delivery: { emails: ['nobody'] } }, 'delivery.emails[0]', 'must be an e-mail address'],
    [
      { delivery: { emails: ['a@b.example, c@d.example'] } },
      'delivery.emails[0]',
      'must be an e-mail address',
    ],
    [{ delivery: { emails: ['a@b.example'] } }, 'delivery.emails', expect.stringContaining('no mail server')],
  ])('with %j is refused', async (fields, field, reason) => {
    const { error } = await api.post('/analytics/reports', { ...REPORT, ...fields }, 400);
    expect(error.details).toMatchObject({ field, reason });
  });

  it('is only for those who may, and not there for another store', async () => {
    const { id, path } = await made();
    const reader = await api.as('read-only');
    await reader.get(path);
    await reader.post(`/analytics/reports/${id}/run`, {}, 403);
    await reader.post('/analytics/reports', REPORT, 403);
    const stranger = await StoreCalls.inNewStore(app);
    for (const other of [`/analytics/reports/${id}`, `/analytics/reports/${id}/runs`, path]) {
      await stranger.get(other, 404);
    }
    await stranger.get(`${path}/artefacts/html`, 404);
    await stranger.post(`/analytics/reports/${id}/run`, {}, 404);
    const { id: another } = await create();
    await api.get(`/analytics/reports/${another}/runs/${path.split('/').at(-1) ?? ''}`, 404);
  });

  it('keeps its secret and its addresses out of the change log', async () => {
    const { id, secret } = await create({ delivery: { webhookUrl: 'https://hooks.example.com/' } });
    expect(secret).toMatch(/^whsec_/);
    expect(await api.get(`/analytics/reports/${id}`)).not.toHaveProperty('secret');
    const changes = await app.sql<{ after: Record<string, unknown> }>(
      `SELECT after FROM change_log WHERE entity = 'analytics_report'`,
    );
    expect(changes.some(({ after }) => after && ('sealed' in after || 'emails' in after))).toBe(false);
  });

  it('gets another secret when it gets a webhook again, and keeps it with another address', async () => {
    const webhookUrl = 'https://hooks.example.com/';
    const { id, secret } = await create({ delivery: { webhookUrl } });
    const path = `/analytics/reports/${id}`;
    const moved = await api.patch(path, { delivery: { webhookUrl: 'https://other.example.com/' } });
    expect(moved).toMatchObject({ secret: null, delivery: { webhookUrl: 'https://other.example.com/' } });
    expect(await api.patch(path, { delivery: {} })).toMatchObject({ secret: null });
    const again = await api.patch(path, { delivery: { webhookUrl } });
    expect(again['secret']).toMatch(/^whsec_/);
    expect(again['secret']).not.toBe(secret);
  });

  it('is changed only as the version that its reader saw', async () => {
    const { id } = await create();
    const { headers } = await api.call('get', `/analytics/reports/${id}`).expect(200);
    const change = (tag: string) =>
      api.call('patch', `/analytics/reports/${id}`).set('If-Match', tag).send({ name: 'B' });
    const after = await change(headers['etag'] ?? '').expect(200);
    await change(headers['etag'] ?? '').expect(412);
    await change(after.headers['etag'] ?? '').expect(200);
  });
});

describe('what a report makes', () => {
  it('has the figures of whole days in every format, each with its size and its digest', async () => {
    await send(
      { kind: 'visit', channel: 'email', page: '/a', time: `${yesterday()}T10:00:00Z` },
      { kind: 'visit', channel: 'email', page: '/a', time: new Date().toISOString() },
      {
        kind: 'conversion',
        channel: 'email',
        valueMinor: 1_290,
        currency: 'EUR',
        time: `${yesterday()}T11:00:00Z`,
      },
    );
    const { path, run } = await made({
      ...{ sections: ['dashboard', 'traffic'], formats: ['html', 'csv', 'json'], compareTo: 'previous' },
    });
    expect(run).toMatchObject({
      status: 'succeeded',
      trigger: 'request',
      tries: 1,
      error: null,
      dueAt: null,
    });
    const today = new Date().toISOString().slice(0, 10);
    expect(run.period?.to).toBe(`${today}T00:00:00.000Z`);
    expect(run.artefacts.map(({ format }) => format)).toEqual(['html', 'csv', 'json']);
    for (const { format, bytes, sha256 } of run.artefacts) {
      const { text } = await api.call('get', `${path}/artefacts/${format}`).expect(200);
      expect(Buffer.byteLength(text)).toBe(bytes);
      expect(createHash('sha256').update(text).digest('hex')).toBe(sha256);
    }
    const { body } = await api.call('get', `${path}/artefacts/json`).expect(200);
    expect(body).toMatchObject({
      report: { name: 'Last week' },
      currency: 'EUR',
      sections: [
        { name: 'dashboard', figures: { totals: { visits: 1, conversions: 1, revenueMinor: 1_290 } } },
        { name: 'traffic', figures: { channels: [{ value: 'email', metrics: { visits: 1 } }] } },
      ],
    });
    const { text: csv } = await api.call('get', `${path}/artefacts/csv`).expect(200);
    const [head, total] = csv.split('\r\n');
    expect(head).toMatch(/^section,part,table,value,name,from,to,currency,impressions,/);
    expect(total).toMatch(/^dashboard,total,,,,.*,EUR,0,0,1,0,1,1290,0,/);
    expect(csv).toContain('\r\ntraffic,group,Channels,email,');
    const { text: page } = await api.call('get', `${path}/artefacts/html`).expect(200);
    expect(page).toContain('€12.90');
  });

  it('has a funnel, and what led to conversions, as their routes tell them', async () => {
    const did = (kind: string, visitor: string, hour: number, fields: object = {}) => ({
      ...{ kind, visitor, channel: 'email', time: `${yesterday()}T${hour}:00:00Z` },
      ...fields,
    });
    await send(
      did('visit', 'a', 10),
      did('visit', 'b', 10, { channel: 'social', page: '/<b>' }),
      did('conversion', 'a', 12, { valueMinor: 1_290, currency: 'EUR' }),
      did('conversion', 'c', 12, { valueMinor: 700, currency: 'EUR' }),
    );
    const funnel = { steps: ['visit', 'add_to_cart@/<b>', 'conversion'], windowHours: 24 };
    const sections = { sections: ['funnel', 'attribution'], formats: ['html', 'csv', 'json'], funnel };
    const { id, path } = await made(sections);
    expect(await api.get(`/analytics/reports/${id}`)).toMatchObject({ funnel, attribution: null });
    const artefact = (format: string) => api.call('get', `${path}/artefacts/${format}`).expect(200);
    const { body } = await artefact('json');
    const { from, to } = body as unknown as { from: string; to: string };
    const range = `from=${from}&to=${to}`;
    const steps = funnel.steps.map((step) => `step=${encodeURIComponent(step)}`).join('&');
    expect(body['sections']).toEqual([
      { name: 'funnel', figures: await api.get(`/analytics/funnels?${range}&windowHours=24&${steps}`) },
      { name: 'attribution', figures: await api.get(`/analytics/attribution?${range}`) },
    ]);
    const lines = (await artefact('csv')).text.split('\r\n');
    expect(lines[0]).toMatch(/,visitors,rate,overallRate,dropOff,model$/);
    expect(lines[1]).toMatch(/^funnel,step,,visit,,.*,2,1,1,0,$/);
    expect(lines[2]).toMatch(/^funnel,step,,add_to_cart@\/<b>,,.*,0,0,0,2,$/);
    expect(lines.find((line) => line.startsWith('attribution,total'))).toMatch(/,EUR,,,,,2,1990,/);
    expect(lines.find((line) => line.startsWith('attribution,unattributed'))).toMatch(/,EUR,,,,,1,700,/);
    expect(lines.filter((line) => line.startsWith('attribution,credit,,email,'))).toHaveLength(5);
    const { text } = await artefact('html');
    expect(text).toContain('<th scope="row">add_to_cart@/&lt;b&gt;</th>');
    expect(text).toContain('€12.90');
    const said = text.replace(/\s+/g, ' ');
    expect(said).toContain('Conversions: 2. Days looked back from each: 30. Nothing led to: 1.');
  });

  it('of which nothing is known says so', async () => {
    const { path } = await made({
      ...{ sections: ['funnel', 'attribution'], funnel: { steps: ['visit', 'conversion'] } },
      attribution: { by: 'campaign', lookbackDays: 1 },
    });
    const { text } = await api.call('get', `${path}/artefacts/html`).expect(200);
    expect(text).toContain('Nothing happened.');
    expect(text).toContain('at most 168.');
  });

  it('is a page that runs nothing, whatever is in it', async () => {
    const hostile = `<script>alert(1)</script>"'&`;
    await send({ kind: 'visit', channel: '<img src=x>', source: hostile, time: `${yesterday()}T10:00:00Z` });
    const { path } = await made({ name: hostile, sections: ['dashboard', 'traffic'], granularity: 'hour' });
    const { text, headers } = await api.call('get', `${path}/artefacts/html`).expect(200);
    expect(text).not.toMatch(/<script|<img|javascript:|https?:/i);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
    expect(text).toContain('<polyline');
    expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'; style-src 'unsafe-inline'");
    expect(headers['content-disposition']).toMatch(/^attachment; filename="run_\w+\.html"/);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('holds no formula that a spreadsheet would calculate', async () => {
    await send({ kind: 'visit', source: '=HYPERLINK("x")', time: `${yesterday()}T10:00:00Z` });
    const { path } = await made({ sections: ['traffic'], formats: ['csv'] });
    const { text } = await api.call('get', `${path}/artefacts/csv`).expect(200);
    expect(text).toContain(`,"'=HYPERLINK(""x"")",`);
  });

  it('is sent in parts, and not again to whoever has it', async () => {
    const { path } = await made();
    const { headers } = await api.call('get', `${path}/artefacts/html`).expect(200);
    const part = await api.call('get', `${path}/artefacts/html`).set('Range', 'bytes=0-14').expect(206);
    expect(part.text).toBe('<!doctype html>');
    await api
      .call('get', `${path}/artefacts/html`)
      .set('If-None-Match', headers['etag'] ?? '')
      .expect(304);
    await api.get(`${path}/artefacts/csv`, 404);
    await api.get(`${path}/artefacts/exe`, 404);
  });

  it('is listed, the newest first, and told of', async () => {
    const { id, run } = await made();
    const again = await api.post(`/analytics/reports/${id}/run`, {}, 202);
    await finished(api, `/analytics/reports/${id}/runs/${again.id}`);
    expect(await api.column(`/analytics/reports/${id}/runs`, 'id')).toEqual([again.id, run.id]);
    const { pagination } = await api.get(`/analytics/reports/${id}/runs?limit=1`);
    expect(pagination).toMatchObject({ totalCount: 2, hasMore: true });
    expect(await api.column(`/analytics/reports/${id}/runs?status=failed`, 'id')).toEqual([]);
    expect(await api.eventsOf({ id })).toEqual(['report.finished', 'report.finished']);
  });

  it('is ordered once under one Idempotency-Key', async () => {
    const { id } = await create();
    const order = () => api.call('post', `/analytics/reports/${id}/run`).set('Idempotency-Key', 'once');
    const first = await order().expect(202);
    const second = await order().expect(202);
    expect(second.body.id).toBe(first.body.id);
    expect((await api.get(`/analytics/reports/${id}/runs`)).data).toHaveLength(1);
  });
});
