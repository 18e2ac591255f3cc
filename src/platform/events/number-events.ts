import type { Transaction } from '../database/index.js';
import { EVENT_COLUMNS, type NumberedEvent, numberedEvent, type NumberedRow } from './numbered-event.js';

/**
 * Numbers some events that are committed and have no number yet; the caller has the sequencer's lock.
 * @returns them, each organization's in its order
 */
export async function numberEvents(tx: Transaction, limit: number): Promise<NumberedEvent[]> {
  return (await tx.query<NumberedRow[]>(NUMBER, [limit])).map(numberedEvent);
}

// What one transaction made before it ended has lower emitted numbers than what was begun after it: causes come
// before their effects. The nil UUID stands for no organization where rows are joined: null equals nothing.
const NUMBER = `
WITH batch AS MATERIALIZED (
  SELECT id, organization_id, coalesce(organization_id, '00000000-0000-0000-0000-000000000000') AS place, emitted_no
  FROM events WHERE sequence IS NULL ORDER BY emitted_no LIMIT $1
), counted AS MATERIALIZED (
  SELECT organization_id, place, count(*) AS count FROM batch GROUP BY organization_id, place
), advanced AS (
  INSERT INTO event_sequences AS s (organization_id, last)
  SELECT organization_id, count FROM counted ORDER BY place
  ON CONFLICT (organization_id) DO UPDATE SET last = s.last + excluded.last
  RETURNING coalesce(s.organization_id, '00000000-0000-0000-0000-000000000000') AS place, s.last
), numbered AS (
  UPDATE events e SET sequence = n.sequence, numbered_at = n.at
  FROM (
    SELECT b.id, a.last - c.count + row_number() OVER (PARTITION BY place ORDER BY b.emitted_no) AS sequence,
      now.at
    FROM batch b JOIN counted c USING (place) JOIN advanced a USING (place),
      (SELECT clock_timestamp() AS at) AS now
  ) AS n
  WHERE e.id = n.id
  RETURNING e.*
)
SELECT ${EVENT_COLUMNS}
FROM numbered ORDER BY organization_id, sequence`;
