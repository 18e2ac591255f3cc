import { describe, expect, it } from '@jest/globals';
import { type Grants, ResourceRegistry } from '../roles/index.js';
import type { MemberFacts } from './member-facts.js';
import { MemberPrincipals } from './member-principals.js';

function factsWith(grants: Grants, roleVersion: string): MemberFacts {
  return {
    memberId: 'm',
    email: 'ada@example.com',
    memberName: 'Ada',
    operator: false,
    memberStatus: 'active',
    roleId: 'r',
    roleName: 'custom',
    roleVersion,
    grants,
    organizationId: 'o',
    organizationName: 'Example',
    organizationStatus: 'active',
  };
}

function principals(): MemberPrincipals {
  const registry = new ResourceRegistry();
  registry.register({ name: 'content.campaigns', label: 'Campaigns', highest: 'write', relates: [] });
  registry.register({ name: 'settings.keys', label: 'Keys', highest: 'admin', relates: [] });
  return new MemberPrincipals(registry);
}

describe('MemberPrincipals', () => {
  it('gives what the role grants, narrowed by neither key nor plan', () => {
    const member = principals().of('s', factsWith({ content: 'admin' }, '1'));
    expect(member.effective('content.campaigns')).toEqual({
      level: 'write',
      role: 'write',
      key: null,
      plan: null,
    });
    expect(member.effective('settings.keys').level).toBe('none');
    expect(member.effective('content.unknown').level).toBe('none');
  });

  it('follows a new version of the role', () => {
    const made = principals();
    expect(made.of('s', factsWith({ settings: 'admin' }, '1')).effective('settings.keys').level).toBe(
      'admin',
    );
    expect(made.of('s', factsWith({ settings: 'read' }, '2')).effective('settings.keys').level).toBe('read');
  });

  it('keeps nothing of grants that a transaction may still take back', () => {
    const made = principals();
    expect(
      made.ofTransaction('s', factsWith({ settings: 'admin' }, '2')).effective('settings.keys').level,
    ).toBe('admin');
    expect(made.of('s', factsWith({ settings: 'read' }, '2')).effective('settings.keys').level).toBe('read');
  });
});
