import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Level, LEVELS } from '../platform/http/index.js';
import { CATEGORIES, type Grants, ResourceRegistry } from '../roles/index.js';
import { type KeyFacts, resolveKey } from './resolved-key.js';

const RESOURCES = ['content.campaigns', 'content.posts', 'analytics.events', 'settings.keys'];
const registry = new ResourceRegistry();
for (const name of RESOURCES) registry.register({ name, label: name, highest: 'admin', relates: [] });

const FACTS: KeyFacts = {
  digest: '00',
  secretId: 'secret',
  preview: 'gate_live_AbCd…wXyZ',
  keyId: 'key',
  keyName: 'Key',
  environment: 'live',
  standing: 'active',
  permissions: null,
  ipAllowlist: null,
  storeId: 'store',
  storeName: 'Store',
  quotaSubject: 'subject',
  organizationId: 'organization',
  organizationName: 'Organization',
  roleId: 'role',
  roleVersion: 1,
  roleName: 'Role',
  grants: {},
  highestLevel: 'admin',
  pollSeconds: 60,
  versionStamp: 'stamp',
};

const principalOf = (facts: Partial<KeyFacts>) => resolveKey({ ...FACTS, ...facts }, registry).principal;
const rank = (level: Level) => LEVELS.indexOf(level);

describe('what a key may do', () => {
  it('is the least of role, own permissions and plan, for every resource', () => {
    const grants = fc.dictionary(fc.constantFrom(...RESOURCES, ...CATEGORIES), fc.constantFrom(...LEVELS));
    const named = (map: Grants, name: string) =>
      Math.max(rank(map[name] ?? 'none'), rank(map[name.split('.')[0] ?? ''] ?? 'none'));
    fc.assert(
      fc.property(grants, fc.option(grants), fc.constantFrom(...LEVELS), (role, permissions, cap) => {
        const principal = principalOf({ grants: role, permissions, highestLevel: cap });
        for (const name of RESOURCES) {
          const own = permissions === null ? Infinity : named(permissions, name);
          expect(rank(principal.effective(name).level)).toBe(Math.min(named(role, name), own, rank(cap)));
        }
      }),
    );
  });

  it('tells which of the three holds it there', () => {
    const principal = principalOf({
      grants: { content: 'write' },
      permissions: { content: 'read' },
      highestLevel: 'admin',
    });
    expect(principal.effective('content.posts')).toEqual({
      level: 'read',
      role: 'write',
      key: 'read',
      plan: 'admin',
    });
    expect(principalOf({ grants: { content: 'write' } }).effective('content.posts').key).toBeNull();
  });

  it('is nothing on what its own permissions do not name', () => {
    const principal = principalOf({
      grants: { content: 'admin', analytics: 'admin' },
      permissions: { content: 'read' },
    });
    expect(principal.effective('analytics.events').level).toBe('none');
    expect(
      principalOf({ grants: { content: 'admin' }, permissions: {} }).effective('content.posts').level,
    ).toBe('none');
  });

  it('is nothing on a resource that nobody declared', () => {
    expect(principalOf({ grants: { content: 'admin' } }).effective('content.unheard').level).toBe('none');
  });
});

describe('the addresses a key may be used from', () => {
  const allows = (ipAllowlist: string[] | null, address: string) =>
    principalOf({ ipAllowlist }).allowsAddress(address);

  it('are all where it has no list, and none where its list is empty', () => {
    expect(allows(null, '203.0.113.9')).toBe(true);
    expect(allows(null, '2001:db8::9')).toBe(true);
    expect(allows([], '203.0.113.9')).toBe(false);
  });

  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['192.0.2.128/25', '192.0.2.128', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
    ['::/0', '2001:db8::1', true],
    ['::1', '::2', false],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
  ])('with %s: is %s one? %p', (network, address, allowed) => {
    expect(allows([network], address)).toBe(allowed);
  });

  it('are those of any entry of the list', () => {
    const list = ['192.0.2.7', '2001:db8::/32', '10.0.0.0/8'];
    expect(
      ['10.0.0.1', '192.0.2.7', '2001:db8::1', '192.0.2.6', '::1'].map((address) => allows(list, address)),
    ).toEqual([true, true, true, false, false]);
  });

  it('are those with the network’s first bits, whatever the prefix (IPv4)', () => {
    const address = fc.integer({ min: 0, max: 0xffff_ffff });
    const text = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
    fc.assert(
      fc.property(
        address,
        address,
        fc.integer({ min: 0, max: 32 }),
        fc.boolean(),
        (network, other, prefix, near) => {
          const mask = prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0;
          const caller = near ? ((network & mask) | (other & ~mask)) >>> 0 : other;
          const expected = (caller & mask) >>> 0 === (network & mask) >>> 0;
          expect(allows([`${text(network)}/${prefix}`], text(caller))).toBe(expected);
        },
      ),
    );
  });
});
