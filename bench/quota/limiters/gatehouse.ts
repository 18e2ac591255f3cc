import type { DatabaseConnection } from '../../../src/platform/database/index.js';
import type { KeyCredential } from '../../../src/platform/http/index.js';
import { Admission } from '../../../src/plans/index.js';
import type { Limiter } from './limiter.js';

/** What the gate asks for each request of a key. */
export function gatehouse(connection: DatabaseConnection, credentials: readonly KeyCredential[]): Limiter {
  const admission = new Admission(connection);
  return {
    name: 'gatehouse',
    admit: async (subject) => {
      const credential = credentials[subject];
      if (!credential) throw new Error(`There is no key ${subject}.`);
      const { kind } = await admission.admit({ credential, cost: 1, fingerprint: null });
      if (kind !== 'admitted') throw new Error(`gatehouse: ${kind}`);
    },
    close: () => admission.onApplicationShutdown(),
  };
}
