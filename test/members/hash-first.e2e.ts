import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Call, Calls, uuidOf } from '../keys/key-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { People } from './people.js';

const NEW_PASSWORD = 'correct horse battery staple';

let app: TestApp;
let calls: Calls;
let people: People;
beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
  people = new People(app);
});
afterAll(() => app.close());

/** While a request is under way, how often somebody else found a row free, and how often locked. */
async function lookedAt<Body>(table: string, uuid: string, call: Call<Body>) {
  const found = { free: 0, locked: 0 };
  const request: { answer?: Answer<Body> } = {};
  const done = Promise.resolve(call).then((answer) => (request.answer = answer));
  while (!request.answer) {
    const rows = await app.sql(`SELECT 1 FROM ${table} WHERE id = $1 FOR UPDATE SKIP LOCKED`, [uuid]);
    found[rows.length > 0 ? 'free' : 'locked'] += 1;
  }
  return { answer: await done, ...found };
}

// bcrypt takes a quarter of a second, a transaction some milliseconds: what is locked meanwhile is locked mostly.
describe('a new password is hashed before anything is locked', () => {
  it('when an invitation is accepted', async () => {
    const organizationId = await people.organization();
    const admin = await people.signedIn({ organizationId });
    const invited = await calls
      .call<{ id: string; link: string }>(admin, 'post', '/invitations')
      .send({ email: 'quick@example.org', roleId: 'analyst', name: 'Quick' })
      .expect(201);
    const token = new URL(invited.body.link).hash.slice('#token='.length);
    const { answer, free, locked } = await lookedAt(
      'invitations',
      uuidOf('invitation', invited.body.id),
      calls.call(admin, 'post', '/invitations/accept').send({ token, password: NEW_PASSWORD }),
    );
    expect(answer.status).toBe(201);
    expect(free).toBeGreaterThan(locked);
  });

  it('when an organization is made', async () => {
    const operator = await people.signIn(app.admin.email, app.admin.password);
    const [admin] = await app.sql<{ id: string }>('SELECT id FROM members WHERE email = $1', [
      app.admin.email,
    ]);
    const { answer, free, locked } = await lookedAt(
      'members',
      admin?.id ?? '',
      calls.call(operator, 'post', '/organizations').send({
        name: 'Customer',
        plan: 'pro',
        admin: { email: 'first@example.org', password: NEW_PASSWORD },
      }),
    );
    expect(answer.status).toBe(201);
    expect(free).toBeGreaterThan(locked);
  });
});
