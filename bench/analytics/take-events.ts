import { insertEvents, readEvents, withKeys } from '../../src/analytics/events/event-intake.js';
import { MOST_EVENTS } from '../../src/analytics/events/dto/event-body.js';
import { rollUp } from '../../src/analytics/rollups/roll.js';
import { type Actor, Database } from '../../src/platform/database/index.js';
import { newUuid } from '../../src/platform/ids/index.js';

const ACTOR: Actor = { type: 'system', id: 'bench' };
const SENDERS = 4;

/**
 * Has batches of a thousand events read, looked at and kept, from several senders at once, each batch a transaction.
 * @returns events a second
 */
export async function takeEvents(database: Database, seconds: number): Promise<number> {
  const storeId = newUuid();
  const batch = Array.from({ length: MOST_EVENTS }, (_, index) => ({
    ...{ kind: index % 50 === 0 ? 'click' : 'impression', visitor: `v-${index}`, channel: 'email' },
    ...{ page: `/p/${index % 40}`, time: new Date(Date.now() - index * 1_000).toISOString() },
  }));
  let taken = 0;
  const begun = performance.now();
  const send = async (): Promise<void> => {
    while (performance.now() - begun < seconds * 1_000) {
      const { events } = readEvents(batch.map((event) => ({ ...event, id: newUuid() })));
      const kept = await database.write({ actor: ACTOR }, (tx) =>
        insertEvents(tx, storeId, withKeys(events)),
      );
      // Not before: the others have added theirs meanwhile.
      taken += kept;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  return taken / ((performance.now() - begun) / 1_000);
}

/** Adds what waits to the sums, as the keeper does. @returns events a second */
export async function addToSums(database: Database): Promise<number> {
  let rolled = 0;
  const begun = performance.now();
  for (;;) {
    const count = await database.write({ actor: ACTOR }, (tx) => rollUp(tx, 20_000));
    if (count === 0) return rolled / ((performance.now() - begun) / 1_000);
    rolled += count;
  }
}
