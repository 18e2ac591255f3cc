import type { Transaction } from '../../platform/database/index.js';

/** How long deliveries and their attempts are kept. */
export const KEPT_DAYS = 30;
const BATCH = 2_000;
const MOST_WOKEN = 10_000;

/** Endpoints (UUIDs) that something is due to and nobody sends: their job was lost with its process. */
export async function dueEndpoints(tx: Transaction): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `SELECT e.id FROM webhook_endpoints e JOIN webhook_endpoint_health h ON h.endpoint_id = e.id
     WHERE e.enabled AND coalesce(h.open_until <= clock_timestamp(), true)
       AND EXISTS (SELECT FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.status = 'pending'
         AND d.next_attempt_at <= clock_timestamp() AND coalesce(d.locked_until <= clock_timestamp(), true))
     LIMIT ${MOST_WOKEN}`,
  );
  return rows.map(({ id }) => id);
}

/** Deletes some deliveries whose time is over, with their attempts. @returns how many */
export async function deleteOld(tx: Transaction): Promise<number> {
  const [, deleted] = await tx.query<[unknown, number]>(
    `DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries
       WHERE created_at < now() - interval '${KEPT_DAYS} days' AND status <> 'pending'
       ORDER BY created_at LIMIT ${BATCH})`,
  );
  return deleted;
}
