import type { Transaction } from '../platform/database/index.js';

/** Has whatever is due to some endpoints sent, once the transaction commits. */
export abstract class DeliveryWake {
  /** @param endpointIds UUIDs */
  abstract wake(tx: Transaction, endpointIds: readonly string[]): Promise<void>;
}
