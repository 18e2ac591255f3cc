import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { readRange } from '../metrics/range.js';
import type { FunnelQuery } from './dto/funnel-query.js';
import type { FunnelView } from './dto/funnel-view.js';
import { type FunnelStep, readSteps } from './steps.js';

/** How far visitors of one store come. */
@Injectable()
export class FunnelsService {
  constructor(private readonly database: Database) {}

  /** @throws InvalidInput */
  async funnel(store: StoreScope, query: FunnelQuery): Promise<FunnelView> {
    const range = readRange(query);
    const steps = readSteps(query.step);
    const [row] = await this.database.query<Record<string, number>>(funnelSql(steps.length), [
      ...[
        store.storeId,
        range.from,
        range.to,
        query.windowHours,
        [...new Set(steps.map(({ kind }) => kind))],
      ],
      ...steps.flatMap(({ kind, name, page }: FunnelStep) => [kind, name ?? null, page ?? null]),
    ]);
    const reached = steps.map((_, index) => row?.[`step${index + 1}`] ?? 0);
    const [entered = 0] = reached;
    return {
      ...{ from: range.from.toISOString(), to: range.to.toISOString(), timezone: range.timeZone },
      windowHours: query.windowHours,
      steps: reached.map((visitors, index) => {
        const before = index === 0 ? visitors : (reached[index - 1] ?? 0);
        return {
          step: query.step[index] ?? '',
          visitors,
          rate: before === 0 ? null : visitors / before,
          overallRate: entered === 0 ? null : visitors / entered,
          dropOff: before - visitors,
        };
      }),
    };
  }
}

/**
 * Of each visitor's events in their order, the latest beginning of a row of steps that has come that far: whoever
 * began later has more of the window left. Steps of one moment count in the funnel's order; an event is one step at
 * most of a row.
 */
function funnelSql(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const isStep = (no: number): string => {
    const at = 5 + (no - 1) * 3;
    return `(kind = $${at + 1} AND ($${at + 2}::text IS NULL OR name = $${at + 2}) AND ($${at + 3}::text IS NULL OR page = $${at + 3}))`;
  };
  const window = `make_interval(hours => $4::integer)`;
  const order = `at, CASE ${numbers.map((no) => `WHEN s${no} THEN ${no}`).join(' ')} END, id`;
  const levels = numbers.map((no) =>
    no === 1
      ? `l1 AS (SELECT *, CASE WHEN s1 AND at < $3 THEN at END AS t1 FROM steps)`
      : `l${no} AS (
           SELECT *, CASE WHEN s${no} AND at <= begun${no} + ${window} THEN begun${no} END AS t${no} FROM (
             SELECT *, max(t${no - 1}) OVER (PARTITION BY visitor ORDER BY ${order}
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS begun${no} FROM l${no - 1}
           ) AS before${no}
         )`,
  );
  const counts = numbers.map(
    (no) => `count(DISTINCT visitor) FILTER (WHERE t${no} IS NOT NULL)::integer AS step${no}`,
  );
  return `
WITH steps AS (
  SELECT visitor, occurred_at AS at, id, ${numbers.map((no) => `${isStep(no)} AS s${no}`).join(', ')}
  FROM analytics_events
  WHERE store_id = $1 AND kind = ANY ($5) AND visitor IS NOT NULL
    AND occurred_at >= $2 AND occurred_at < $3::timestamptz + ${window}
), ${levels.join(', ')}
SELECT ${counts.join(', ')} FROM l${count}`;
}
