import { canonicalJson } from './canonical.js';
import { leafHash } from './merkle.js';
import { commitmentOf } from './request-leaf.js';

/** A change as it is stored, in the form in which it is hashed. */
export interface StoredChange {
  /** Decimal digits, as `transactionId`. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly transactionId: string;
  readonly actorType: string;
  readonly actorId: string;
  readonly action: string;
  readonly entity: string;
  readonly entityId: string | null;
  readonly organizationId: string | null;
  readonly storeId: string | null;
  readonly requestId: string | null;
  readonly reason: string | null;
  /** The rows as PostgreSQL writes its jsonb: what is hashed is what is stored. */
  readonly before: string | null;
  readonly after: string | null;
  readonly saltHex: string;
}

/** The commitment by which the changed rows enter the leaf; without the salt nobody can guess back to them. */
export function changeCommitment(change: StoredChange): string {
  return commitmentOf(changePersonal(change), change.saltHex);
}

/** The canonical JSON of the changed rows. */
export function changePersonal({ before, after }: StoredChange): string {
  return canonicalJson({ after, before });
}

/** The canonical JSON of a change. */
export function changeCanonical(change: StoredChange, personal: string): string {
  return canonicalJson({
    action: change.action,
    actor_id: change.actorId,
    actor_type: change.actorType,
    at: change.at,
    entity: change.entity,
    entity_id: change.entityId,
    id: Number(change.id),
    organization_id: change.organizationId,
    personal,
    reason: change.reason,
    request_id: change.requestId,
    store_id: change.storeId,
    transaction_id: change.transactionId,
  });
}

/** A change's leaf in the tree of its batch. */
export function changeLeaf(change: StoredChange): Buffer {
  return leafHash(changeCanonical(change, changeCommitment(change)));
}
