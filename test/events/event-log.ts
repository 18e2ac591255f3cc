import pg from 'pg';
import type { Database, Transaction } from '../../src/platform/database/index.js';
import { EventSequencer, EventSubscribers, type NumberedEvent } from '../../src/platform/events/index.js';
import { newUuid } from '../../src/platform/ids/index.js';
import type { TestApp } from '../support/test-app.js';

/** What a reader has of an event. */
export interface SeenEvent {
  readonly id: string;
  readonly sequence: number;
}

/** One connection with a transaction of its own, which emits events when the test says so. */
export class EventWriter {
  private pending: { id: string; organizationId: string | null }[] = [];
  private open = false;

  private constructor(
    private readonly client: pg.Client,
    /** Every committed event, by its organization, in the order of commits. */
    private readonly committed: Map<string | null, string[]>,
  ) {}

  static async connect(app: TestApp, committed: Map<string | null, string[]>): Promise<EventWriter> {
    const client = new pg.Client(app.database.url);
    await client.connect();
    return new EventWriter(client, committed);
  }

  async emit(organizationId: string | null): Promise<void> {
    if (!this.open) await this.client.query('BEGIN');
    this.open = true;
    const id = newUuid();
    await this.client.query(
      `INSERT INTO events (id, type, organization_id, subject_id, data) VALUES ($1, 'test.happened', $2, 'none', '{}')`,
      [id, organizationId],
    );
    this.pending.push({ id, organizationId });
  }

  async commit(): Promise<void> {
    if (!this.open) return;
    await this.client.query('COMMIT');
    for (const { id, organizationId } of this.pending) {
      this.committed.set(organizationId, [...(this.committed.get(organizationId) ?? []), id]);
    }
    this.forget();
  }

  async rollback(): Promise<void> {
    if (!this.open) return;
    await this.client.query('ROLLBACK');
    this.forget();
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  private forget(): void {
    this.open = false;
    this.pending = [];
  }
}

/** Follows one organization's events by their numbers alone, as any client does. */
export class EventFollower {
  readonly seen: SeenEvent[] = [];

  constructor(
    private readonly app: TestApp,
    private readonly organizationId: string | null,
  ) {}

  /** @throws Error where something is missing, or was already passed */
  async follow(): Promise<void> {
    const after = this.seen.at(-1)?.sequence ?? 0;
    const rows = await this.app.sql<{ id: string; sequence: string }>(
      `SELECT id, sequence FROM events WHERE organization_id IS NOT DISTINCT FROM $1 AND sequence > $2
       ORDER BY sequence LIMIT 7`,
      [this.organizationId, after],
    );
    for (const { id, sequence } of rows) {
      const expected = (this.seen.at(-1)?.sequence ?? 0) + 1;
      if (Number(sequence) !== expected) throw new Error(`After ${expected - 1} came ${sequence}.`);
      this.seen.push({ id, sequence: expected });
    }
  }

  /** Until there is nothing more. */
  async catchUp(): Promise<void> {
    for (let before = -1; before !== this.seen.length;) {
      before = this.seen.length;
      await this.follow();
    }
  }
}

/** What a subscriber does with what it hears. */
export type Mood = 'takes' | 'throws' | 'is killed';

/** A subscriber that writes down what it hears, in the transaction that it is told in. */
export class WritingSubscriber {
  mood: Mood = 'takes';

  private constructor(readonly sequencer: EventSequencer) {}

  static async of(app: TestApp): Promise<WritingSubscriber> {
    await app.sql('CREATE TABLE IF NOT EXISTS heard (event_id uuid NOT NULL, sequence bigint NOT NULL)');
    await app.sql('GRANT ALL ON heard TO gatehouse');
    const subscriber = new WritingSubscriber(app.get(EventSequencer));
    app.get(EventSubscribers).register('writes', (tx, events) => subscriber.take(tx, events));
    return subscriber;
  }

  private async take(tx: Transaction, events: readonly NumberedEvent[]): Promise<void> {
    await tx.query('INSERT INTO heard SELECT * FROM unnest($1::uuid[], $2::bigint[])', [
      events.map(({ id }) => id),
      events.map(({ sequence }) => sequence),
    ]);
    if (this.mood === 'throws') throw new Error('not now');
    // its connection ends in the middle, with nothing said
    if (this.mood === 'is killed') await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
  }
}

/** Rounds until one finds nothing. */
export async function numberAll(app: TestApp): Promise<void> {
  const sequencer = app.get(EventSequencer);
  while ((await sequencer.round()).more);
}

/** The change rows there are: numbering writes none. */
export async function changeRows(database: Database): Promise<number> {
  const [row] = await database.query<{ count: string }>('SELECT count(*) FROM change_log');
  return Number(row?.count);
}
