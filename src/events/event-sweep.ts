import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { defineSweep, Jobs } from '../platform/jobs/index.js';

/** How long an event is kept from the moment on at which it was numbered. */
export const KEPT_DAYS = 90;

/** Forgets old events, and notes up to which number they are gone: a reader who comes later is told so. */
@Injectable()
export class EventSweep implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineSweep({ name: 'events.sweep', cron: '27 * * * *', deleteBatch: () => this.deleteBatch() }),
    );
  }

  private async deleteBatch(): Promise<number> {
    const [row] = await this.database.query<{ deleted: number }>(DELETE_BATCH, [KEPT_DAYS]);
    return row?.deleted ?? 0;
  }
}

// Where a clock was set back a lower number may be younger than a higher one: it is past for readers from then on,
// and deleted when its time has come.
const DELETE_BATCH = `
WITH old AS MATERIALIZED (
  SELECT id, coalesce(organization_id, '00000000-0000-0000-0000-000000000000') AS place, sequence
  FROM events WHERE numbered_at < now() - make_interval(days => $1)
  ORDER BY numbered_at, sequence LIMIT 2000
), noted AS (
  UPDATE event_sequences s SET swept = greatest(s.swept, o.upto)
  FROM (SELECT place, max(sequence) AS upto FROM old GROUP BY place) AS o
  WHERE coalesce(s.organization_id, '00000000-0000-0000-0000-000000000000') = o.place
), deleted AS (
  DELETE FROM events USING old WHERE events.id = old.id RETURNING 1
)
SELECT count(*)::integer AS deleted FROM deleted`;
