import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ME = '/api/v1/me';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

describe('GET /me', () => {
  it('tells a member who it is and what it may do', async () => {
    const { cookie } = await app.signIn();
    const response = await app.request.get(ME).set('Cookie', cookie);
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({
      kind: 'member',
      id: expect.stringMatching(/^mem_/),
      email: app.admin.email,
      operator: true,
      secondFactor: false,
      organization: { id: expect.stringMatching(/^org_/), name: expect.any(String) },
      store: null,
      role: { id: expect.stringMatching(/^rol_/), name: 'admin' },
      // admin is granted, write is the highest level that campaigns have
      permissions: { 'content.campaigns': 'write', 'settings.keys': 'admin' },
    });
    expect(response.body).not.toHaveProperty('environment');
  });

  it('tells a key the same, with its store and environment, and uses no quota', async () => {
    const key = await app.createKey({ role: 'read-only' });
    const before = await app.sql('SELECT * FROM quota_ledger ORDER BY subject');
    const response = await app.request.get(ME).set('Authorization', `Bearer ${key.token}`);
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({
      kind: 'key',
      environment: 'live',
      store: { id: expect.stringMatching(/^sto_/), name: expect.any(String) },
      role: { name: 'read-only' },
      permissions: { 'content.campaigns': 'read', 'settings.keys': 'none' },
    });
    expect(response.body).not.toHaveProperty('email');
    expect(response.body).not.toHaveProperty('operator');
    expect(response.body).not.toHaveProperty('secondFactor');
    expect(await app.sql('SELECT * FROM quota_ledger ORDER BY subject')).toEqual(before);
  });

  it('names every resource, none of them twice as another', async () => {
    const key = await app.createKey({ role: 'read-only' });
    const { cookie } = await app.signIn();
    const ofKey = await app.request.get(ME).set('Authorization', `Bearer ${key.token}`);
    const ofMember = await app.request.get(ME).set('Cookie', cookie);
    const names = (body: unknown) => Object.keys((body as { permissions: object }).permissions);
    expect(names(ofKey.body)).toEqual(names(ofMember.body));
    expect(names(ofKey.body)).toContain('settings.keys');
  });

  it('goes by the Bearer token where a cookie comes too, even a wrong token', async () => {
    const key = await app.createKey({ role: 'read-only' });
    const { cookie } = await app.signIn();
    const both = await app.request.get(ME).set('Cookie', cookie).set('Authorization', `Bearer ${key.token}`);
    expect(both.body).toMatchObject({ kind: 'key' });
    const wrong = await app.request.get(ME).set('Cookie', cookie).set('Authorization', 'Bearer wrong');
    expect(wrong.status).toBe(401);
    expect(wrong.body).toMatchObject({ error: { code: 'KEY_MALFORMED' } });
  });

  it('has nothing for strangers', async () => {
    const response = await app.request.get(ME);
    expect(response.status).toBe(401);
    expect(response.body).toMatchObject({ error: { code: 'KEY_MISSING' } });
  });
});

describe('DELETE /session with a key', () => {
  it('finds nothing: a key has no session', async () => {
    const key = await app.createKey({ role: 'admin' });
    const response = await app.request.delete('/api/v1/session').set('Authorization', `Bearer ${key.token}`);
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });
});
