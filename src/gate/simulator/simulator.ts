import { Injectable } from '@nestjs/common';
import { type KeyFacts, lookUpByKey, resolveKey } from '../../keys/index.js';
import { PlansService } from '../../plans/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import type { KeyPrincipal, RouteDeclaration } from '../../platform/http/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { BUILTIN_ROLES, ResourceRegistry, type Role } from '../../roles/index.js';
import { isSelf, refusalOfKey, refusalOfLevel } from '../decide.js';
import { refusalOfStanding } from '../key-authenticator.js';
import { RouteMatcher } from './route-matcher.js';
import { inStore, type Question } from './simulation.input.js';
import type { SimulationResponse, Unchecked } from './simulation.response.js';
import { type Asked, verdictOf } from './verdict.js';

/**
 * Tells what the gate would answer. It has no rules of its own: the standing, the store, the address and the level
 * are decided by the functions that decide about every request. Quota is not among them, as it is used up by asking.
 */
@Injectable()
export class Simulator {
  constructor(
    private readonly routes: RouteMatcher,
    private readonly registry: ResourceRegistry,
    private readonly plans: PlansService,
  ) {}

  /** The verdict on a key (UUID), which exists. @throws InvalidInput */
  async ofKey(tx: Transaction, keyId: string, question: Question): Promise<SimulationResponse> {
    const facts = await lookUpByKey(tx, keyId);
    if (!facts) throw new Error('The key of a simulation does not exist.');
    const { principal } = resolveKey(facts, this.registry);
    const asked = this.asked(question, question.storeId ?? toPublicId('store', facts.storeId));
    const unchecked: Unchecked[] =
      facts.ipAllowlist !== null && question.address === null ? ['ip', ...asked.unchecked] : asked.unchecked;
    const names = namesOf(facts);
    const about = { ...asked, unchecked, effective: this.levels(asked.declaration, principal), names };
    if (asked.declaration.public) return verdictOf(about, undefined);

    const standing = refusalOfStanding(facts.standing);
    if (standing) return verdictOf(about, { error: standing, limitedBy: 'status' });
    const attempt = {
      route: asked.declaration,
      parameters: asked.parameters,
      address: question.address,
    };
    return verdictOf({ ...about, self: isSelf(principal, attempt) }, refusalOfKey(principal, attempt));
  }

  /**
   * The verdict on any live key with a role, unnarrowed and from anywhere.
   * @param organizationId whose plan caps it (UUID); null for a built-in role of no organization's, uncapped
   * @throws InvalidInput
   */
  async ofRole(
    tx: Transaction,
    role: Role,
    organizationId: string | null,
    question: Question,
  ): Promise<SimulationResponse> {
    const cap =
      organizationId === null ? 'admin' : (await this.plans.limitsOf(tx, organizationId)).highestLevel;
    const facts = factsOf(role, cap);
    const { principal } = resolveKey(facts, this.registry);
    const asked = this.asked(question, null);
    const unchecked: Unchecked[] = organizationId === null ? ['plan', ...asked.unchecked] : asked.unchecked;
    const effective = this.levels(asked.declaration, principal);
    const refusal = asked.declaration.public ? undefined : refusalOfLevel(principal, asked.declaration);
    return verdictOf({ ...asked, unchecked, effective, names: namesOf(facts) }, refusal);
  }

  private asked(
    { target, storeId }: Question,
    placeholder: string | null,
  ): Omit<Asked, 'effective' | 'names'> {
    if (target.kind === 'level') {
      const resource = this.registry.get(target.resource);
      if (!resource) throw new InvalidInput([{ field: 'resource', reason: 'is no resource' }]);
      const declaration = { ...LEVEL_ALONE, resource: target.resource, level: target.level };
      const parameters = storeId === null ? {} : { storeId };
      return { declaration, parameters, route: null, resource, unchecked: ['quota'] };
    }
    const path = placeholder === null ? target.path : inStore(target.path, placeholder);
    const { route, parameters } = this.find(target.method, path);
    const { declaration } = route;
    const resource = declaration.resource === null ? undefined : this.registry.get(declaration.resource);
    const names = Object.keys(parameters).filter((name) => name !== 'storeId');
    const isMatched = route.method !== 'ALL';
    const unchecked: Unchecked[] = isMatched && names.length > 0 ? ['quota', 'object'] : ['quota'];
    return { declaration, parameters, route, resource, unchecked };
  }

  private find(method: string, path: string) {
    try {
      return this.routes.find(method, path);
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      throw new InvalidInput([{ field: 'path', reason: 'is not well-formed' }]);
    }
  }

  private levels({ resource, level }: RouteDeclaration, principal: KeyPrincipal) {
    return resource === null || level === 'none' ? null : principal.effective(resource);
  }
}

/** What a question for a level alone asks of a route. */
const LEVEL_ALONE: RouteDeclaration = {
  operation: '',
  public: false,
  resource: null,
  level: 'none',
  selfParameter: null,
  storeScoped: false,
  organizationWide: false,
  operatorOnly: false,
  evenSuspended: false,
  free: false,
  pollable: false,
  bodyLimit: 0,
  rawBody: false,
  multipart: false,
  takesQuery: false,
  loggedParameters: new Set(),
  idempotent: false,
};

const namesOf = ({ roleId, roleName }: KeyFacts) => ({
  roleName,
  builtin: BUILTIN_ROLES.some(({ id }) => id === roleId),
});

/** A key that nobody has, with that role and nothing that narrows it. */
function factsOf(role: Role, highestLevel: KeyFacts['highestLevel']): KeyFacts {
  return {
    digest: '',
    secretId: '',
    preview: '',
    keyId: '',
    keyName: '',
    environment: 'live',
    standing: 'active',
    permissions: null,
    ipAllowlist: null,
    storeId: '',
    storeName: '',
    quotaSubject: '',
    organizationId: role.organizationId ?? '',
    organizationName: '',
    roleId: role.id,
    roleName: role.name,
    roleVersion: role.version,
    grants: role.grants,
    highestLevel,
    pollSeconds: 0,
    versionStamp: '',
  };
}
