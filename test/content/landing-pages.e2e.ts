import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { type Body, StoreCalls } from './store-calls.js';

let app: TestApp;
let api: StoreCalls;
beforeAll(async () => {
  app = await startTestApp();
  api = await StoreCalls.inNewStore(app);
});
afterAll(() => app.close());

const BLOCKS = [
  { type: 'heading', text: 'Everything <b>grows</b>' },
  { type: 'text', text: 'One & all.\nSecond line.\n\n"Second" paragraph.' },
  { type: 'image', url: 'https://shop.example.com/a.jpg?b=1&c="', alt: '"><script>alert(1)</script>' },
  { type: 'button', text: 'Buy', url: 'https://shop.example.com/?a=1&b=2' },
  { type: 'products', skus: ['MUG', 'GONE', 'NONE'] },
];
let made = 0;
const create = (fields: object = {}): Promise<Body> => {
  made += 1;
  return api.post('/landing-pages', { slug: `page-${made}`, title: 'Spring', blocks: BLOCKS, ...fields });
};
const publish = ({ id }: Body): Promise<Body> => api.post(`/landing-pages/${id}/publish`, {}, 200);
const look = (slug: unknown, init: RequestInit = {}) => fetch(`${app.url}/p/${String(slug)}`, init);

describe('a landing page', () => {
  it('has an icon that is none, so that its visitors are in no log', async () => {
    const rows = () => app.sql(`SELECT 1 FROM request_log WHERE path = '/favicon.ico'`);
    expect((await fetch(`${app.url}/favicon.ico`)).status).toBe(204);
    expect(await rows()).toEqual([]);
  });

  it('is made, read, replaced, changed and deleted', async () => {
    const page = await create({ slug: 'whole', description: 'What it says.' });
    expect(page).toMatchObject({
      slug: 'whole',
      path: '/p/whole',
      blocks: BLOCKS,
      status: 'DRAFT',
      publishedVersion: null,
    });
    expect(await api.get(`/landing-pages/${page.id}`)).toEqual(page);
    const whole = { slug: 'whole-2', title: 'Anew', blocks: [] };
    expect(await api.put(`/landing-pages/${page.id}`, whole)).toMatchObject({ ...whole, description: '' });
    expect(await api.patch(`/landing-pages/${page.id}`, { title: 'Other' })).toMatchObject({
      title: 'Other',
    });
    await api.delete(`/landing-pages/${page.id}`);
    await api.get(`/landing-pages/${page.id}`, 404);
  });

  it('has an address of its own, in all stores', async () => {
    await create({ slug: 'taken' });
    const other = await StoreCalls.inNewStore(app);
    const { error } = await other.post('/landing-pages', { slug: 'taken', title: 'A', blocks: [] }, 409);
    expect(error).toMatchObject({ code: 'CONFLICT', details: { field: 'slug' } });
  });

  it.each([
    [{ slug: 'Spring' }, 'slug'],
    [{ slug: 'a--b' }, 'slug'],
    [{ slug: '../x' }, 'slug'],
    [{ blocks: [{ type: 'script', text: 'x' }] }, 'blocks[0].type'],
    [{ blocks: [{ type: 'heading' }] }, 'blocks[0].text'],
    [{ blocks: [{ type: 'heading', text: 'A', url: 'https://a.example' }] }, 'blocks[0].url'],
    [{ blocks: [{ type: 'button', text: 'A', url: 'javascript:alert(1)' }] }, 'blocks[0].url'],
    [{ blocks: [{ type: 'image', url: 'http://a.example/a.jpg', alt: '' }] }, 'blocks[0].url'],
    [{ blocks: [{ type: 'products', skus: [] }] }, 'blocks[0].skus'],
    [{ blocks: [{ type: 'consent', text: 'May we?', accept: 'Yes' }] }, 'blocks[0].decline'],
  ])('with %j is refused', async (fields, field) => {
    const body = { slug: 'refused', title: 'A', blocks: [], ...fields };
    expect((await api.post('/landing-pages', body, 400)).error.details.field).toBe(field);
  });

  it('keeps what it said each time, and takes it up again', async () => {
    const page = await create({ title: 'First' });
    await publish(page);
    await api.patch(`/landing-pages/${page.id}`, { title: 'Second' });
    expect(await publish(page)).toMatchObject({ status: 'PUBLISHED', publishedVersion: 2 });
    const { data } = await api.get(`/landing-pages/${page.id}/versions`);
    expect(data).toMatchObject([
      { number: 2, title: 'Second' },
      { number: 1, title: 'First', blocks: BLOCKS },
    ]);
    const restored = await api.post(`/landing-pages/${page.id}/restore`, { version: 1 }, 200);
    expect(restored).toMatchObject({ title: 'First', publishedVersion: 2 });
    await api.post(`/landing-pages/${page.id}/restore`, { version: 3 }, 404);
    await api.post(`/landing-pages/${page.id}/restore`, {}, 400);
  });

  it('that is published twice at once has two versions', async () => {
    const page = await create();
    await Promise.all([publish(page), publish(page), publish(page)]);
    expect((await api.get(`/landing-pages/${page.id}`)).publishedVersion).toBe(3);
    expect(await api.column(`/landing-pages/${page.id}/versions`, 'number')).toEqual([3, 2, 1]);
  });

  it('is listed by status and words, and not for another store', async () => {
    const other = await StoreCalls.inNewStore(app);
    const page = await other.post('/landing-pages', { slug: 'listed', title: 'Tulips', blocks: [] });
    await other.post('/landing-pages', { slug: 'listed-2', title: 'Roses', blocks: [] });
    await other.post(`/landing-pages/${page.id}/publish`, {}, 200);
    expect(await other.column('/landing-pages?status=PUBLISHED', 'title')).toEqual(['Tulips']);
    expect(await other.column('/landing-pages?q=roses', 'title')).toEqual(['Roses']);
    for (const action of ['publish', 'unpublish'])
      await api.post(`/landing-pages/${page.id}/${action}`, {}, 404);
    await api.get(`/landing-pages/${page.id}/versions`, 404);
  });
});

describe('what everybody sees', () => {
  it('is the published version alone, until it is taken away', async () => {
    const page = await create({ title: 'First', blocks: [] });
    expect((await look(page.slug)).status).toBe(404);
    await publish(page);
    await api.patch(`/landing-pages/${page.id}`, { title: 'Second' });
    expect(await (await look(page.slug)).text()).toContain('<h1>First</h1>');
    await publish(page);
    expect(await (await look(page.slug)).text()).toContain('<h1>Second</h1>');
    const draft = await api.post(`/landing-pages/${page.id}/unpublish`, {}, 200);
    expect(draft).toMatchObject({ status: 'DRAFT', publishedVersion: null });
    expect((await look(page.slug)).status).toBe(404);
  });

  it('is text and never a mark, under a policy that lets no script run', async () => {
    const price = { priceMinor: 1_290, currency: 'EUR' };
    await api.post('/products', {
      sku: 'MUG',
      name: '<i>Mug</i>',
      url: 'https://shop.example.com/mug',
      ...price,
    });
    await api.post('/products', { sku: 'GONE', name: 'Gone', status: 'ARCHIVED', ...price });
    const page = await create({ title: '</title><script>alert(1)</script>' });
    await publish(page);
    const answer = await look(page.slug);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<b>');
    expect(html).toContain('<h2>Everything &lt;b&gt;grows&lt;/b&gt;</h2>');
    expect(html).toContain('<p>One &amp; all.<br>Second line.</p>\n<p>&quot;Second&quot; paragraph.</p>');
    expect(html).toContain('href="https://shop.example.com/?a=1&amp;b=2"');
    expect(html).toContain('&lt;i&gt;Mug&lt;/i&gt;</strong></a><br>€12.90');
    expect(html).not.toContain('Gone');
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self' https:;/);
    expect(policy).not.toMatch(/script-src|unsafe/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('is answered 304 to whoever has it, without a body to HEAD, and 405 to a write', async () => {
    const page = await create({ blocks: [] });
    await publish(page);
    const first = await look(page.slug);
    const etag = first.headers.get('etag') ?? '';
    expect((await look(page.slug, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    const head = await look(page.slug, { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag]);
    expect((await look(page.slug, { method: 'POST' })).status).toBe(405);
  });

  it('is nothing of an organization that is suspended', async () => {
    const other = await StoreCalls.inNewStore(app);
    const page = await other.post('/landing-pages', { slug: 'suspended', title: 'A', blocks: [] });
    await other.post(`/landing-pages/${page.id}/publish`, {}, 200);
    expect((await look('suspended')).status).toBe(200);
    await app.sql(`UPDATE organizations SET status = 'suspended' WHERE id = $1`, [
      fromPublicId('organization', other.key.organizationId),
    ]);
    expect((await look('suspended')).status).toBe(404);
  });

  it.each(['nothing', 'a%2F..%2Fb', '%00', 'A', 'x'.repeat(5_000)])(
    'is a page that says so for /p/%s',
    async (slug) => {
      const answer = await look(slug);
      expect([400, 404]).toContain(answer.status);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    },
  );
});
