import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { InvalidInput, NotFound } from '../platform/errors/index.js';
import {
  EVENT_COLUMNS,
  type NumberedEvent,
  numberedEvent,
  type NumberedRow,
} from '../platform/events/index.js';
import { EventsGone } from './event-errors.js';
import type { EventQuery } from './event.query.js';
import { type EventListResponse, type EventResponse, presentEvent } from './event.response.js';

/** Numbers looked through for one page: a filter that lets little through costs no more than that. */
const WINDOW = 10_000;

/** Reads the event log, in the order of its numbers. Events without one are not there yet. */
@Injectable()
export class EventReader {
  constructor(private readonly database: Database) {}

  /**
   * The events of an organization (UUID; null: those that belong to none) after a number.
   * @throws EventsGone where some of them are no longer kept; InvalidInput for a number that there is not
   */
  async page(query: EventQuery, organizationId: string | null): Promise<EventListResponse> {
    const { after = null, storeId = null, limit } = query;
    const rows = await this.database.query<NumberedRow & EventsState>(
      pageSql(organizationId === null),
      values(organizationId, [after, limit, storeId, ...typesOf(query.types)]),
    );
    const last = Number(rows[0]?.last ?? 0);
    const swept = Number(rows[0]?.swept ?? 0);
    if (after !== null && after < swept) throw new EventsGone(swept);
    if (after !== null && after > last) {
      throw new InvalidInput([
        { field: 'after', reason: `must be at most ${last}, the newest event's number` },
      ]);
    }
    // a page without events is one row, with the log's state alone
    const events = rows.flatMap((row) => (row.id === null ? [] : [numberedEvent(row)]));
    const start = after ?? swept;
    const next =
      events.length === limit ? (events.at(-1)?.sequence ?? start) : Math.min(start + WINDOW, last);
    return {
      data: events.map(presentEvent),
      pagination: { limit, hasMore: next < last, next, swept, newest: last },
    };
  }

  /** One event by its UUID. @throws NotFound */
  async get(id: string, sees: (event: NumberedEvent) => boolean = () => true): Promise<EventResponse> {
    const [row] = await this.database.query<NumberedRow>(
      `SELECT ${EVENT_COLUMNS} FROM events e WHERE id = $1 AND sequence IS NOT NULL`,
      [id],
    );
    const event = row && numberedEvent(row);
    if (!event || !sees(event)) throw new NotFound();
    return presentEvent(event);
  }
}

interface EventsState {
  readonly last: string;
  readonly swept: string;
}

// One statement, one snapshot: neither a round of the sequencer nor a sweep comes between the log's state and its rows.
const pageSql = (ofNone: boolean) => `
SELECT s.last, s.swept, e.*
FROM event_sequences s LEFT JOIN LATERAL (
  SELECT ${EVENT_COLUMNS} FROM events e
  WHERE e.organization_id ${ofNone ? 'IS NULL' : '= $6'}
    AND e.sequence > coalesce($1::bigint, s.swept)
    AND e.sequence <= least(s.last, coalesce($1::bigint, s.swept) + ${WINDOW})
    AND ($3::uuid IS NULL OR e.store_id = $3)
    AND ($4::text[] IS NULL OR e.type = ANY ($4)
      OR EXISTS (SELECT FROM unnest($5::text[]) AS prefix WHERE starts_with(e.type, prefix)))
  ORDER BY e.sequence LIMIT $2
) AS e ON true
WHERE s.organization_id ${ofNone ? 'IS NULL' : '= $6'}
ORDER BY e.sequence`;

const values = (organizationId: string | null, given: readonly unknown[]) =>
  organizationId === null ? given : [...given, organizationId];

/** Whole types, and beginnings of types; null where every type is asked for. */
function typesOf(types: string | undefined): [whole: string[] | null, beginnings: string[]] {
  const patterns = types?.split(',') ?? ['*'];
  if (patterns.includes('*')) return [null, []];
  const isBeginning = (pattern: string) => pattern.endsWith('.*');
  return [
    patterns.filter((pattern) => !isBeginning(pattern)),
    patterns.filter(isBeginning).map((pattern) => pattern.slice(0, -1)),
  ];
}
