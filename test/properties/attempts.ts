import fc from 'fast-check';
import type { ErrorView } from '../keys/key-calls.js';
import { type Level, LEVELS } from '../../src/platform/http/index.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { BUILTIN_ROLES, type Grants } from '../../src/roles/index.js';
import { type Caller, Calls, type Method, uuidOf } from '../keys/key-calls.js';

/** What a principal may try. */
export const KINDS = [
  'create a key',
  'create a key over a role',
  'create a role',
  'edit a role',
  'edit a key',
  'give a key a role',
  'rotate',
  'rotate many',
  'narrow itself less',
  'invite',
  'renew an invitation',
  'give a member a role',
  'reset a password',
  'remove a second factor',
  'the plan changes',
] as const;
export type Kind = (typeof KINDS)[number];

/** Up to some grants on resources and categories. */
export const grantsArbitrary = (maxLength: number) =>
  fc.array(fc.tuple(fc.nat(), fc.constantFrom(...LEVELS)), { maxLength });
export type Choices = [number, Level][];

export const stepArbitrary = fc.record({
  what: fc.constantFrom(...KINDS),
  target: fc.nat(),
  role: fc.nat(),
  grants: grantsArbitrary(2),
  narrows: fc.boolean(),
  cap: fc.constantFrom<Level>('read', 'admin', 'admin', 'admin'),
});
export type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** Where a principal stands: what is there for it to get hold of, its own things among it. Public ids. */
export interface Surroundings {
  readonly organizationId: string;
  readonly storeId: string;
  /** A key: then its token changes when it rotates itself. */
  readonly own: { readonly id: string; readonly caller: Caller };
  readonly keys: readonly string[];
  readonly roles: readonly string[];
  readonly members: readonly string[];
  readonly invitations: readonly string[];
}

interface Made {
  id: string;
  token?: string;
  results?: { id: string; token?: string }[];
}

/** The attempts of one principal, and all that it came to hold by them. A refusal is as good as a success here. */
export class Attempts {
  /** The newest token of each key that it was ever shown one of. */
  readonly tokens = new Map<string, string>();
  /** Roles that it made, edited or gave to people: whoever has them is its creature. */
  readonly roles = new Set<string>();
  /** Members that it could sign in as, or that have their role from it. */
  readonly members = new Set<string>();
  readonly done: Kind[] = [];
  private readonly known: { keys: string[]; ownRoles: string[]; invitations: string[] };

  constructor(
    private readonly calls: Calls,
    private readonly around: Surroundings,
    private readonly grantsFrom: (choices: Choices) => Grants,
  ) {
    const { keys, roles, invitations } = around;
    this.known = { keys: [...keys], ownRoles: [...roles], invitations: [...invitations] };
  }

  async take({ what, target, role, grants: choices, narrows, cap }: Step): Promise<void> {
    const grants = this.grantsFrom(choices);
    const permissions = narrows ? grants : null;
    const keyId = pick(this.known.keys, target);
    const memberId = pick(this.around.members, target);
    const roleId = pick([...this.known.ownRoles, ...BUILTIN_ROLES.map(({ name }) => name)], role);
    const ownRoleId = pick(this.known.ownRoles, role);
    const keys = `/stores/${this.around.storeId}/keys`;
    switch (what) {
      case 'create a key':
        return this.try(what, 'post', keys, { name: 'A key', permissions: grants });
      case 'create a key over a role':
        return this.try(what, 'post', keys, { name: 'A key', roleId, permissions });
      case 'create a role':
        return this.try(what, 'post', '/roles', { name: `R${Math.random()}`, grants }, ({ id }) => {
          this.known.ownRoles.push(id);
          this.roles.add(id);
        });
      case 'edit a role':
        return this.try(what, 'patch', `/roles/${ownRoleId}`, { grants }, ({ id }) => this.roles.add(id));
      case 'edit a key':
        return this.try(what, 'patch', `/keys/${keyId}`, { permissions });
      case 'give a key a role':
        return this.try(what, 'patch', `/keys/${keyId}`, { roleId });
      case 'rotate':
        return this.try(what, 'post', `/keys/${keyId}/rotate`, {});
      case 'rotate many':
        return this.try(what, 'post', `${keys}/bulk-rotate`, { filter: { search: 'key' } });
      case 'narrow itself less':
        return this.try(what, 'patch', `/keys/${this.around.own.id}`, { permissions: null });
      case 'invite': {
        const email = `${Math.random()}@example.org`;
        return this.try(what, 'post', '/invitations', { email, roleId }, ({ id }) => {
          this.known.invitations.push(id);
          return this.keepRoleOf(id);
        });
      }
      case 'renew an invitation': {
        const id = pick(this.known.invitations, target);
        return this.try(what, 'post', `/invitations/${id}/renew`, undefined, () => this.keepRoleOf(id));
      }
      case 'give a member a role': {
        const before = await this.roleOf(memberId);
        return this.try(what, 'patch', `/members/${memberId}`, { roleId }, async () => {
          // what it had already was not given
          if ((await this.roleOf(memberId)) !== before) this.members.add(memberId);
        });
      }
      case 'reset a password':
        return this.try(what, 'post', `/members/${memberId}/password-reset`, undefined, () =>
          this.members.add(memberId),
        );
      case 'remove a second factor':
        return this.try(what, 'delete', `/members/${memberId}/totp`, undefined, () =>
          this.members.add(memberId),
        );
      case 'the plan changes':
        await this.cap(cap);
        this.done.push(what);
    }
  }

  /** Not the principal's doing: keys reach up to this level from now on. */
  async cap(level: Level): Promise<void> {
    await this.calls.app.sql('UPDATE organizations SET highest_level = $2 WHERE id = $1', [
      uuidOf('organization', this.around.organizationId),
      level,
    ]);
  }

  /** With the token that it has by now, where it is a key. */
  get self(): Caller {
    const token = this.tokens.get(this.around.own.id);
    return token === undefined ? this.around.own.caller : { token };
  }

  /** The grants of every role that it made, edited or promised. */
  async grantsGiven(): Promise<Grants[]> {
    const ids = [...this.roles].map((id) => uuidOf('role', id));
    const members = [...this.members].map((id) => uuidOf('member', id));
    const rows = await this.calls.app.sql<{ grants: Grants }>(
      `SELECT grants FROM roles WHERE id = ANY ($1) OR id IN (SELECT role_id FROM members WHERE id = ANY ($2))`,
      [ids, members],
    );
    return rows.map(({ grants }) => grants);
  }

  private async try(
    what: Kind,
    method: Method,
    path: string,
    body: object | undefined,
    keep?: (made: Made) => unknown,
  ): Promise<void> {
    const call = this.calls.call<Made>(this.self, method, path);
    const answer = await (body === undefined ? call : call.send(body));
    expectAnswer(answer);
    if (answer.status >= 300) return;
    this.done.push(what);
    const { id, token, results } = answer.body;
    for (const key of [{ id, token }, ...(results ?? [])]) {
      if (key.token === undefined) continue;
      this.tokens.set(key.id, key.token);
      if (!this.known.keys.includes(key.id)) this.known.keys.push(key.id);
    }
    await keep?.(answer.body);
  }

  private async roleOf(memberId: string): Promise<string | undefined> {
    const [row] = await this.calls.app.sql<{ roleId: string }>(
      'SELECT role_id AS "roleId" FROM members WHERE id = $1',
      [uuidOf('member', memberId)],
    );
    return row?.roleId;
  }

  private async keepRoleOf(invitationId: string): Promise<void> {
    const [row] = await this.calls.app.sql<{ roleId: string }>(
      'SELECT role_id AS "roleId" FROM invitations WHERE id = $1',
      [uuidOf('invitation', invitationId)],
    );
    if (row) this.roles.add(toPublicId('role', row.roleId));
  }
}

function pick(from: readonly string[], index: number): string {
  return from[index % from.length] ?? '';
}

/** @throws Error on a fault of the server, or an answer that no such attempt gets */
function expectAnswer({ status, body }: { status: number; body: Partial<ErrorView> }): void {
  if ([200, 201, 204, 400, 401, 403, 404, 409].includes(status)) return;
  throw new Error(`Unexpected ${status} ${body.error?.code}`);
}
