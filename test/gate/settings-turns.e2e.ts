import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Calls } from '../keys/key-calls.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let calls: Calls;

beforeAll(async () => {
  app = await startTestApp();
  calls = new Calls(app);
});
afterAll(() => app.close());

/** The statuses of some requests that are sent at once. */
const atOnce = async (count: number, send: (index: number) => PromiseLike<{ status: number }>) => {
  const answers = await Promise.all(Array.from({ length: count }, async (_, index) => send(index)));
  return answers.map(({ status }) => status);
};
const all = (count: number, status: number) => Array.from({ length: count }, () => status);

describe('changes that come at once, and each of which is about what their actors stand on,', () => {
  it('all go through: a key that changes itself', async () => {
    const key = await calls.admin();
    const answers = await atOnce(12, (index) =>
      calls.call(key, 'patch', `/keys/${key.id}`).send({ name: `Name ${index}` }),
    );
    expect(answers).toEqual(all(12, 200));
  });

  it('all go through: two keys that change each other', async () => {
    const one = await calls.admin();
    const two = await calls.create(one, { roleId: 'admin' });
    const answers = await atOnce(12, (index) => {
      const [actor, other] = index % 2 ? [one, two] : [two, one];
      return calls.call(actor, 'patch', `/keys/${other.id}`).send({ name: `Name ${index}` });
    });
    expect(answers).toEqual(all(12, 200));
  });

  it('all go through: the organization of the actor', async () => {
    const key = await calls.admin();
    const member = await app.signIn();
    for (const actor of [key, member]) {
      const answers = await atOnce(12, (index) =>
        calls.call(actor, 'patch', '/organization').send({ name: `Name ${index}` }),
      );
      expect(answers).toEqual(all(12, 200));
    }
  });

  it('all go through: the role of the actor', async () => {
    const admin = await calls.admin();
    const everything = { content: 'admin', analytics: 'admin', compliance: 'admin', settings: 'admin' };
    const role = await calls
      .call(admin, 'post', '/roles')
      .send({ name: 'Everything', grants: everything })
      .expect(201);
    const key = await calls.create(admin, { roleId: role.body.id });
    const answers = await atOnce(12, (index) =>
      calls.call(key, 'patch', `/roles/${role.body.id}`).send({ description: `Description ${index}` }),
    );
    expect(answers).toEqual(all(12, 200));
  });
});
