import type { Level } from './levels.js';

/** What a resource is to the registry: declared once, beside the controller that serves it. */
export interface ResourceDeclaration {
  /** `category.name`, e.g. `content.campaigns`. */
  readonly name: string;
  /** The words of its ready policies, e.g. `Data Holds`. */
  readonly label: string;
  /** The highest level that can be granted on it. */
  readonly highest: Level;
  /** Resources that a grant on this one lets read. */
  readonly relates: readonly string[];
}

/** What a route needs, as its decorators say it. */
export interface RouteDeclaration {
  /** The operation's name in the API document, whichever way the route is mounted. */
  readonly operation: string;
  readonly public: boolean;
  /** `category.name`; null on public routes and on those that need a principal and no grant. */
  readonly resource: string | null;
  readonly level: Level;
  /** A key may use the route on itself: the path parameter that then names it. */
  readonly selfParameter: string | null;
  /** Works inside one store: the path's, or the key's own. */
  readonly storeScoped: boolean;
  /** Concerns the whole organization: closed to test keys. */
  readonly organizationWide: boolean;
  /** Operators alone. */
  readonly operatorOnly: boolean;
  /** Open to members of a suspended organization. */
  readonly evenSuspended: boolean;
  /** Costs no quota. */
  readonly free: boolean;
  /** Exempt from the polling interval. */
  readonly pollable: boolean;
  /** Largest body, in bytes. */
  readonly bodyLimit: number;
  /** Takes its body as bytes. */
  readonly rawBody: boolean;
  /** Reads its body itself: multipart/form-data. */
  readonly multipart: boolean;
  /** Its handler takes the query; where none does, any parameter is refused. */
  readonly takesQuery: boolean;
  /** Query parameters whose values a log row may have, in lower case. */
  readonly loggedParameters: ReadonlySet<string>;
  /** Takes an Idempotency-Key: a POST behind the gate. */
  readonly idempotent: boolean;
}

/** Whether a plan's polling interval applies to a route's GET and HEAD. */
export function isPolled({ free, pollable }: RouteDeclaration): boolean {
  return !free && !pollable;
}
