import type { Response } from 'supertest';
import { toPublicId } from '../../src/platform/ids/index.js';
import { Secret, TOTP } from 'otpauth';
import type { TestApp } from '../support/test-app.js';

/** A member of the administrator's organization, who has the administrator's password. */
export interface Person {
  /** UUID. */
  readonly uuid: string;
  /** Public id. */
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

/** Adds one; by SQL, because bcrypt takes its time. */
export async function addPerson(app: TestApp, email: string, role = 'read-only'): Promise<Person> {
  const [row] = await app.sql<{ id: string }>(
    `INSERT INTO members (id, organization_id, role_id, email, name, password_hash)
     SELECT gen_random_uuid(), m.organization_id, r.id, $1, 'Ada Lovelace', m.password_hash
     FROM members m, roles r WHERE m.email = $2 AND r.name = $3 RETURNING id`,
    [email, app.admin.email, role],
  );
  if (!row) throw new Error('Nobody was added.');
  return { uuid: row.id, id: toPublicId('member', row.id), email, password: app.admin.password };
}

export interface SignedInBrowser {
  readonly cookie: string;
  readonly csrfToken: string;
}

export async function attempt(app: TestApp, body: object): Promise<Response> {
  return app.request.post('/api/v1/session').send(body);
}

/** Signs in; throws where that is refused. */
export async function signIn(
  app: TestApp,
  { email, password }: Pick<Person, 'email' | 'password'>,
  totp?: string,
): Promise<SignedInBrowser> {
  const response = await attempt(app, { email, password, totp });
  if (response.status !== 200) throw new Error(`${response.status} ${response.text}`);
  const [cookie = ''] = response.headers['set-cookie'] as unknown as string[];
  return {
    cookie: cookie.split(';')[0] ?? '',
    csrfToken: (response.body as { csrfToken: string }).csrfToken,
  };
}

/** A request of a signed-in browser. */
export function send(
  app: TestApp,
  { cookie, csrfToken }: SignedInBrowser,
  method: 'get' | 'post' | 'delete',
  path: string,
) {
  return app.request[method](`/api/v1${path}`).set('Cookie', cookie).set('X-CSRF-Token', csrfToken);
}

/** Status and code of a refusal, and the field it names. */
export function refusal({ status, body }: Response): unknown[] {
  const { error } = body as { error?: { code?: string; details?: { field?: string } } };
  const field = error?.details?.field;
  return field === undefined ? [status, error?.code] : [status, error?.code, field];
}

/** The code that an authenticator shows, by the database's clock; `steps` half minutes from now. */
export async function codeOf(app: TestApp, secret: string, steps = 0): Promise<string> {
  const [row] = await app.sql<{ now: Date }>('SELECT gate_clock() AS now');
  const timestamp = (row?.now.getTime() ?? 0) + steps * 30_000;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

/** What was written down of a member's events, oldest first: the type, and the data where there is some. */
export function eventsOf(app: TestApp, { id }: Person): Promise<{ type: string; data: object }[]> {
  return app.sql('SELECT type, data FROM events WHERE subject_id = $1 ORDER BY occurred_at, id', [id]);
}
