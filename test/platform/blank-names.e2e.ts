import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type IdKind, toPublicId } from '../../src/platform/ids/index.js';
import { type Caller, Calls, type Method, refusalOf } from '../keys/key-calls.js';
import { People } from '../members/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** A space, a no-break space, and one that has no width. */
const BLANK = ' \u00a0\u200b';

let app: TestApp;
let operator: Caller;
let storeId: string;
beforeAll(async () => {
  app = await startTestApp();
  operator = await new People(app).signIn(app.admin.email, app.admin.password);
  const stores = await new Calls(app).call<{ data: { id: string }[] }>(operator, 'get', '/stores');
  storeId = stores.body.data[0]?.id ?? '';
});
afterAll(() => app.close());

const some = (kind: IdKind) => toPublicId(kind, '01890a5d-ac96-774b-bcce-b302099a8057');

it.each<[Method, string, object]>([
  ['post', '/stores', {}],
  ['patch', '/stores/STORE', {}],
  ['post', '/stores/STORE/keys', { roleId: 'read-only' }],
  ['patch', `/keys/${some('key')}`, {}],
  ['post', '/roles', { grants: { content: 'read' } }],
  ['patch', `/roles/${some('role')}`, {}],
  ['patch', '/organization', {}],
  [
    'post',
    '/organizations',
    { plan: 'pro', admin: { email: 'a@example.org', password: 'correct horse battery staple' } },
  ],
  ['patch', `/organizations/${some('organization')}`, {}],
  ['patch', `/members/${some('member')}`, {}],
  ['post', '/invitations', { email: 'b@example.org', roleId: 'analyst' }],
  ['post', '/invitations/accept', { token: 'x', password: 'correct horse battery staple' }],
  ['post', '/stores/STORE/campaigns', { platform: 'email' }],
  ['patch', `/stores/STORE/campaigns/${some('campaign')}`, {}],
])('a name of blanks alone is refused: %s %s', async (method, path, others) => {
  const call = new Calls(app).call(operator, method, path.replace('STORE', storeId));
  expect(refusalOf(await call.send({ ...others, name: BLANK }))).toEqual([
    400,
    'INVALID_INPUT',
    expect.objectContaining({
      errors: [{ field: 'name', reason: 'must not be blank' }],
    }),
  ]);
});

it('a name is kept with the blanks around it', async () => {
  const made = await new Calls(app).call(operator, 'post', '/stores').send({ name: ' Main ' });
  expect([made.status, made.body.name]).toEqual([201, ' Main ']);
});
