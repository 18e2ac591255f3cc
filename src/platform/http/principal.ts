import type { Level } from './levels.js';

/** What a principal may do with one resource, and what holds it there. */
export interface EffectiveLevel {
  readonly level: Level;
  /** What the role grants. */
  readonly role: Level;
  /** What the key's own permissions leave; null where the key has none, and for members. */
  readonly key: Level | null;
  /** The plan's cap; null for members. */
  readonly plan: Level | null;
}

interface PrincipalBase {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly roleId: string;
  readonly roleName: string;
  /** Raised with every change of the role. */
  readonly roleVersion: number;
  /** What the role, the key's own permissions and the plan leave of a resource, e.g. `content.campaigns`. */
  effective(resource: string): EffectiveLevel;
}

/** What a key's request presents to admission, with everything it was decided on. */
export interface KeyCredential {
  readonly keyId: string;
  readonly secretId: string;
  /** Whose quota the request uses. */
  readonly quotaSubject: string;
  /** The versions of key, role, store, organization and plan, as they were when the key was resolved. */
  readonly versionStamp: string;
  /** The polling interval, in seconds; 0 is none. */
  readonly pollSeconds: number;
}

export interface KeyPrincipal extends PrincipalBase {
  readonly kind: 'key';
  readonly credential: KeyCredential;
  readonly preview: string;
  readonly storeId: string;
  readonly storeName: string;
  readonly environment: 'live' | 'test';
  /** Whether the key may be used from a client address. */
  allowsAddress(address: string): boolean;
}

export interface MemberPrincipal extends PrincipalBase {
  readonly kind: 'member';
  readonly sessionId: string;
  readonly email: string;
  /** Operators run the installation: they alone see organizations other than their own. */
  readonly operator: boolean;
}

/** Whoever a request acts for: a key or a member. Both have a role; one permission guard serves both. */
export type Principal = KeyPrincipal | MemberPrincipal;

/** The store a request works in. */
export interface StoreScope {
  readonly storeId: string;
  readonly organizationId: string;
}
