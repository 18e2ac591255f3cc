import { EVENT_KINDS, type EventKind } from '../events/event-kinds.js';

/** The money that is summed up, each by the kind of event that it is of. */
export const MONEY = { revenue_minor: 'conversion', spend_minor: 'spend' } as const satisfies Record<
  string,
  EventKind
>;
export type MoneyColumn = keyof typeof MONEY;
export const MONEY_COLUMNS = Object.keys(MONEY) as MoneyColumn[];

/** What a sum has: how many events of each kind, and their money. */
export const SUM_COLUMNS = [...EVENT_KINDS, ...MONEY_COLUMNS] as const;
export type SumColumn = (typeof SUM_COLUMNS)[number];

/** What one event adds to each, as SQL, in their order. @param row alias of a table of events */
export function addedBy(row: string): string {
  const counts = EVENT_KINDS.map((kind) => `(${row}.kind = '${kind}')::integer AS ${kind}`);
  const money = MONEY_COLUMNS.map(
    (column) =>
      `CASE WHEN ${row}.kind = '${MONEY[column]}' THEN coalesce(${row}.value_minor, 0) ELSE 0 END AS ${column}`,
  );
  return [...counts, ...money].join(', ');
}
