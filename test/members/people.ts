import { MembersService } from '../../src/members/index.js';
import { type Actor, Database } from '../../src/platform/database/index.js';
import { newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { BUILTIN_ROLES } from '../../src/roles/index.js';
import { TenantsService } from '../../src/tenants/index.js';
import { type Caller, uuidOf } from '../keys/key-calls.js';
import type { TestApp } from '../support/test-app.js';

const ACTOR: Actor = { type: 'system', id: 'test' };

/** Everybody's: the first administrator's. */
export const PASSWORD = 'a password for tests';

/** A member as the API shows it. */
export interface MemberView {
  id: string;
  organizationId: string;
  email: string;
  name: string;
  role: { id: string; name: string };
  status: string;
  operator: boolean;
  lastSignInAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface NewPerson {
  /** Public id. */
  organizationId: string;
  /** A built-in role's name, or a UUID; default `admin`. */
  role?: string;
  email?: string;
  name?: string;
  operator?: boolean;
  /** False: cannot sign in yet. */
  hasPassword?: boolean;
}

export interface Person {
  /** Public id. */
  readonly id: string;
  readonly email: string;
}

/** Makes organizations and the people in them. */
export class People {
  private known: string | undefined;

  constructor(private readonly app: TestApp) {}

  /** A new organization without anybody; answers its public id. */
  async organization(name = 'An organization'): Promise<string> {
    const { id } = await this.app
      .get(Database)
      .write({ actor: ACTOR }, (tx) =>
        this.app.get(TenantsService).createOrganization(tx, { name, planId: 'hourly-enterprise' }),
      );
    return toPublicId('organization', id);
  }

  async add({ organizationId, role = 'admin', ...person }: NewPerson): Promise<Person> {
    const email = person.email ?? `${newUuid()}@example.org`;
    const id = await this.app.get(Database).write({ actor: ACTOR }, (tx) =>
      this.app.get(MembersService).create(tx, {
        organizationId: uuidOf('organization', organizationId),
        roleId: BUILTIN_ROLES.find(({ name }) => name === role)?.id ?? role,
        email,
        name: person.name ?? 'Somebody',
        passwordHash: null,
        operator: person.operator ?? false,
      }),
    );
    if (person.hasPassword ?? true) {
      await this.app.sql('UPDATE members SET password_hash = $1 WHERE id = $2', [await this.hash(), id]);
    }
    return { id: toPublicId('member', id), email };
  }

  /** Adds somebody and signs them in. */
  async signedIn(person: NewPerson): Promise<Person & Extract<Caller, { cookie: string }>> {
    const added = await this.add(person);
    return { ...added, ...(await this.signIn(added.email)) };
  }

  async signIn(email: string, password = PASSWORD): Promise<Extract<Caller, { cookie: string }>> {
    const answer = await this.app.request.post('/api/v1/session').send({ email, password });
    if (answer.status !== 200) throw new Error(`Signing in: ${answer.status} ${answer.text}`);
    const [cookie = ''] = answer.headers['set-cookie'] as unknown as string[];
    return {
      cookie: cookie.split(';')[0] ?? '',
      csrfToken: (answer.body as { csrfToken: string }).csrfToken,
    };
  }

  /** Of PASSWORD, taken over from the first administrator: bcrypt takes its time. */
  private async hash(): Promise<string> {
    if (this.known === undefined) {
      const [row] = await this.app.sql<{ hash: string }>(
        'SELECT password_hash AS hash FROM members WHERE email = $1',
        [this.app.admin.email],
      );
      this.known = row?.hash ?? '';
    }
    return this.known;
  }
}
