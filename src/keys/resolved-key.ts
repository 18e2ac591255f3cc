import { BlockList, isIPv6 } from 'node:net';
import type { EffectiveLevel, KeyPrincipal, Level } from '../platform/http/index.js';
import { lowerLevel } from '../platform/http/index.js';
import type { Grants, ResourceRegistry } from '../roles/index.js';

/** Whether a key may authenticate, by the database clock. */
export type KeyStanding = 'active' | 'revoked' | 'expired' | 'suspended';

/** One secret with its key, store, organization, plan and role, from one snapshot. */
export interface KeyFacts {
  readonly digest: string;
  readonly secretId: string;
  readonly preview: string;
  readonly keyId: string;
  readonly keyName: string;
  readonly environment: 'live' | 'test';
  readonly standing: KeyStanding;
  readonly permissions: Grants | null;
  readonly ipAllowlist: string[] | null;
  readonly storeId: string;
  readonly storeName: string;
  readonly quotaSubject: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly roleVersion: number;
  readonly grants: Grants;
  readonly highestLevel: Level;
  readonly pollSeconds: number;
  readonly versionStamp: string;
}

/** A key as the gate uses it: what it may do is compiled once. */
export interface ResolvedKey {
  readonly facts: KeyFacts;
  readonly principal: KeyPrincipal;
}

/** Compiles a key's facts: min(role, the key's own permissions, the plan's cap) for every resource. */
export function resolveKey(facts: KeyFacts, registry: ResourceRegistry): ResolvedKey {
  const byRole = registry.compile(facts.grants);
  const byKey = facts.permissions === null ? null : registry.compile(facts.permissions);
  const levels = new Map<string, EffectiveLevel>();
  for (const [resource, role] of byRole) {
    const key = byKey === null ? null : (byKey.get(resource) ?? 'none');
    const level = lowerLevel(lowerLevel(role, key ?? role), facts.highestLevel);
    levels.set(resource, { level, role, key, plan: facts.highestLevel });
  }
  const nothing: EffectiveLevel = { level: 'none', role: 'none', key: null, plan: facts.highestLevel };

  const allowlist = facts.ipAllowlist === null ? null : compileAllowlist(facts.ipAllowlist);
  return {
    facts,
    principal: {
      kind: 'key',
      id: facts.keyId,
      name: facts.keyName,
      preview: facts.preview,
      organizationId: facts.organizationId,
      organizationName: facts.organizationName,
      storeId: facts.storeId,
      storeName: facts.storeName,
      environment: facts.environment,
      roleId: facts.roleId,
      roleName: facts.roleName,
      roleVersion: facts.roleVersion,
      credential: {
        keyId: facts.keyId,
        secretId: facts.secretId,
        quotaSubject: facts.quotaSubject,
        versionStamp: facts.versionStamp,
        pollSeconds: facts.pollSeconds,
      },
      effective: (resource) => levels.get(resource) ?? nothing,
      allowsAddress: (address) =>
        allowlist === null || allowlist.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'),
    },
  };
}

function compileAllowlist(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return list;
}
