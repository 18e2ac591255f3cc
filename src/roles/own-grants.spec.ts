import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type EffectiveLevel,
  type Level,
  LEVELS,
  type MemberPrincipal,
  reaches,
} from '../platform/http/index.js';
import { CATEGORIES, type Grants } from './grants.js';
import { assertWithinOwnGrants, ExceedsOwnGrants, type Gift } from './own-grants.js';
import { ResourceRegistry } from './resource-registry.js';

const registry = new ResourceRegistry();
for (const name of ['content.posts', 'content.pages', 'settings.keys']) {
  registry.register({ name, label: name, highest: 'admin', relates: [] });
}

/** A member whose role has these grants. */
function holderOf(grants: Grants): MemberPrincipal {
  const levels = registry.compile(grants);
  return {
    kind: 'member',
    id: 'member',
    name: 'Ada',
    email: 'ada@example.org',
    organizationId: 'organization',
    organizationName: 'Organization',
    roleId: 'role',
    roleVersion: 1,
    roleName: 'Role',
    sessionId: 'session',
    operator: false,
    effective: (resource): EffectiveLevel => {
      const level = levels.get(resource) ?? 'none';
      return { level, role: level, key: null, plan: null };
    },
  };
}

const give = (held: Grants, gift: Gift) => () => assertWithinOwnGrants(holderOf(held), gift, registry);

describe('giving grants away', () => {
  it('is allowed for what the giver holds', () => {
    expect(give({ content: 'write' }, { grants: { content: 'write' } })).not.toThrow();
    expect(give({ content: 'write' }, { grants: { 'content.posts': 'read' } })).not.toThrow();
    expect(give({}, { grants: {} })).not.toThrow();
  });

  it('is refused with every resource on which it would be more', () => {
    expect(give({ content: 'read' }, { grants: { content: 'read', 'content.posts': 'write' } })).toThrow(
      expect.objectContaining({
        code: 'EXCEEDS_OWN_GRANTS',
        status: 403,
        details: { exceeding: [{ resource: 'content.posts', wanted: 'write', held: 'read' }] },
      }),
    );
  });

  it('is refused for a category of which the giver holds the resources of today alone', () => {
    const held: Grants = { 'content.posts': 'write', 'content.pages': 'write' };
    expect(give(held, { grants: held })).not.toThrow();
    expect(give(held, { grants: { content: 'read' } })).toThrow(
      expect.objectContaining({
        details: { exceeding: [{ resource: 'content.*', wanted: 'read', held: 'none' }] },
      }),
    );
  });

  it('counts a role as the key’s own permissions narrow it', () => {
    const grants: Grants = { content: 'admin', settings: 'admin' };
    expect(give({ content: 'read' }, { grants, permissions: { content: 'read' } })).not.toThrow();
    expect(give({ content: 'read' }, { grants, permissions: { content: 'write' } })).toThrow(
      ExceedsOwnGrants,
    );
    expect(give({ content: 'read' }, { grants, permissions: null })).toThrow(ExceedsOwnGrants);
  });

  it('never leaves anybody with more than the giver has', () => {
    const grants = fc.dictionary(
      fc.constantFrom('content.posts', 'content.pages', 'settings.keys', ...CATEGORIES),
      fc.constantFrom<Level>(...LEVELS),
    );
    fc.assert(
      fc.property(grants, grants, (held, given) => {
        const [mine, theirs] = [registry.compile(held), registry.compile(given)];
        const within = [...theirs].every(([name, level]) => reaches(mine.get(name) ?? 'none', level));
        if (within) expect(give(held, { grants: given })).not.toThrow();
        else expect(give(held, { grants: given })).toThrow(ExceedsOwnGrants);
      }),
    );
  });
});
