import { fromPublicId, type IdKind, newUuid } from '../../src/platform/ids/index.js';
import type { Grants } from '../../src/roles/index.js';
import type { TestApp, TestKey } from '../support/test-app.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head';

/** A key as the API shows it. */
export interface KeyView {
  id: string;
  storeId: string;
  name: string;
  preview: string;
  status: string;
  environment: string;
  role: { id: string; name: string };
  permissions: Record<string, string> | null;
  effective: Record<string, string>;
  ipAllowlist: string[] | null;
  metadata: Record<string, string>;
  limits: { hour: number | null; day: number | null };
  expiresAt: string | null;
  revokedAt: string | null;
  revokedReason: string | null;
  rotationDue: boolean;
  owner: { id: string; name: string } | null;
  createdBy: { type: string; id: string };
  createdAt: string;
  updatedAt: string;
  lastUsedAt: string | null;
  lastUsedIp: string | null;
  usageToday: { requests: number; charged: number };
  secrets: {
    id: string;
    preview: string;
    endsAt: string | null;
    lastUsedAt: string | null;
    lastUsedIp: string | null;
  }[];
  token?: string;
  oldSecretEndsAt?: string;
}

export interface ErrorView {
  error: { code: string; message: string; details: Record<string, unknown> };
}

/** What supertest says of an answer, with a type for the body. */
export interface Answer<Body> {
  status: number;
  text: string;
  headers: Record<string, string | undefined>;
  body: Body & ErrorView;
}

export interface Call<Body> extends PromiseLike<Answer<Body>> {
  set(header: string, value: string): Call<Body>;
  send(body: string | object): Call<Body>;
  expect(status: number): Call<Body>;
}

/** Somebody who calls: a key by its token, or the signed-in administrator. */
export type Caller = { token: string } | { cookie: string; csrfToken: string };

/** Requests to an application, by whoever makes them. */
export class Calls {
  constructor(readonly app: TestApp) {}

  call<Body = KeyView>(caller: Caller, method: Method, path: string): Call<Body> {
    const call = this.app.request[method](`/api/v1${path}`) as unknown as Call<Body>;
    if ('token' in caller) return call.set('Authorization', `Bearer ${caller.token}`);
    return call.set('Cookie', caller.cookie).set('X-CSRF-Token', caller.csrfToken);
  }

  /** Creates a key in the caller's store. */
  async create(caller: TestKey, body: object = {}): Promise<KeyView & { token: string }> {
    const answer = await this.call(caller, 'post', `/stores/${caller.storeId}/keys`)
      .send({ name: 'New key', roleId: 'read-write', ...body })
      .expect(201);
    return { ...answer.body, token: answer.body.token ?? '' };
  }

  /** How a token is answered on the campaigns: `ok`, or the code of the refusal. */
  async use(token: string): Promise<string> {
    const answer = await this.call<unknown>({ token }, 'get', '/campaigns?limit=1');
    return answer.status === 200 ? 'ok' : answer.body.error.code;
  }

  /** A key of a new organization that may do everything. */
  admin(options: Parameters<TestApp['createKey']>[0] = {}): Promise<TestKey> {
    return this.app.createKey({ role: 'admin', ...options });
  }

  /** A role of an organization's own, straight into the database; answers its UUID. */
  async role(organizationId: string, grants: Grants): Promise<string> {
    const id = newUuid();
    await this.app.sql('INSERT INTO roles (id, organization_id, name, grants) VALUES ($1, $2, $4, $3)', [
      id,
      uuidOf('organization', organizationId),
      JSON.stringify(grants),
      id,
    ]);
    return id;
  }
}

/** The UUID inside a public id. */
export function uuidOf(kind: IdKind, publicId: string): string {
  const uuid = fromPublicId(kind, publicId);
  if (uuid === undefined) throw new Error(`${publicId} is no id of a ${kind}.`);
  return uuid;
}

/** What a refusal says, in short. */
export const refusalOf = ({ status, body }: Answer<unknown>): [number, string, unknown] => [
  status,
  body.error?.code,
  body.error?.details,
];
