/** An event that has its number: committed, in its place, and never to move from it. */
export interface NumberedEvent {
  /** UUID. */
  readonly id: string;
  /** 1, 2, 3 … among the events of its organization, without gaps. */
  readonly sequence: number;
  readonly type: string;
  /** UUID; null for what belongs to no organization. */
  readonly organizationId: string | null;
  /** UUID; null for what belongs to no store. */
  readonly storeId: string | null;
  /** The public id of what it happened to. */
  readonly subjectId: string;
  /** UUID of the request that caused it; null where none did. */
  readonly requestId: string | null;
  readonly occurredAt: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What is selected of `events` for a NumberedRow. */
export const EVENT_COLUMNS = `id, sequence, type, organization_id AS "organizationId", store_id AS "storeId",
  subject_id AS "subjectId", request_id AS "requestId", occurred_at AS "occurredAt", data`;

/** An event as the database answers it, where a bigint is text. */
export type NumberedRow = Omit<NumberedEvent, 'sequence'> & { readonly sequence: string };

export function numberedEvent(row: NumberedRow): NumberedEvent {
  const { id, sequence, type, organizationId, storeId, subjectId, requestId, occurredAt, data } = row;
  return {
    id,
    sequence: Number(sequence),
    type,
    organizationId,
    storeId,
    subjectId,
    requestId,
    occurredAt,
    data,
  };
}
