/** A row of the change log as searches read it, named as its columns are. */
export interface ChangeRow {
  readonly id: number;
  readonly at: Date;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly action: string;
  readonly entity: string;
  readonly entity_id: string | null;
  readonly organization_id: string | null;
  readonly store_id: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly request_id: string | null;
  readonly reason: string | null;
}

export const CHANGE_COLUMNS = `id::float8 AS id, at, actor_type, actor_id, action, entity, entity_id, organization_id,
  store_id, before, after, request_id, reason`;
