import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EffectiveLevel, Level, MemberPrincipal } from '../platform/http/index.js';
import { ResourceRegistry } from '../roles/index.js';
import type { MemberFacts } from './member-facts.js';

type Levels = ReadonlyMap<string, Level>;

/** Roles whose compiled levels are kept. */
const KEPT_ROLES = 1_000;

/** Makes principals of members. What is kept is the compiled form of a role's version, never a fact. */
@Injectable()
export class MemberPrincipals {
  private readonly compiled = new LRUCache<string, Levels>({ max: KEPT_ROLES });

  constructor(private readonly resources: ResourceRegistry) {}

  /** The principal of facts read from committed rows. */
  of(sessionId: string, facts: MemberFacts): MemberPrincipal {
    return principal(sessionId, facts, () => this.levelsOf(facts));
  }

  /**
   * The principal of facts read inside a transaction that may still be rolled back: its role's version may then
   * be given again to other grants, so nothing is kept of it.
   */
  ofTransaction(sessionId: string, facts: MemberFacts): MemberPrincipal {
    return principal(sessionId, facts, () => this.resources.compile(facts.grants));
  }

  private levelsOf({ roleId, roleVersion, grants }: MemberFacts): Levels {
    const slot = `${roleId}/${roleVersion}`;
    let levels = this.compiled.get(slot);
    if (!levels) {
      levels = this.resources.compile(grants);
      this.compiled.set(slot, levels);
    }
    return levels;
  }
}

function principal(sessionId: string, facts: MemberFacts, compile: () => Levels): MemberPrincipal {
  let levels: Levels | undefined;
  return {
    kind: 'member',
    id: facts.memberId,
    name: facts.memberName,
    email: facts.email,
    operator: facts.operator,
    sessionId,
    organizationId: facts.organizationId,
    organizationName: facts.organizationName,
    roleId: facts.roleId,
    roleName: facts.roleName,
    roleVersion: Number(facts.roleVersion),
    effective(resource: string): EffectiveLevel {
      levels ??= compile();
      const level = levels.get(resource) ?? 'none';
      return { level, role: level, key: null, plan: null };
    },
  };
}
