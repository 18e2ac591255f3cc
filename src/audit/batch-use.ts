import { LRUCache } from 'lru-cache';
import type { LogRow } from './log-row.js';

const HOUR_MS = 3_600_000;

/** A row, and whether its key was let in by a level that it holds on the route's resource. */
export interface UseOfKey {
  readonly row: LogRow;
  readonly usedLevel: boolean;
}

/** Refused because it can do nothing any more: that is no use of the key. */
const ENDED = new Set(['KEY_REVOKED', 'KEY_EXPIRED']);

function isUse({ key_id, secret_id, error_code, completes }: LogRow): boolean {
  return key_id !== null && secret_id !== null && completes === null && !ENDED.has(error_code ?? '');
}

/** The last use of each secret in a batch, as arrays for `audit_append`. */
export function lastUsesOf(batch: readonly UseOfKey[]): string[] {
  const last = new Map<string, LogRow>();
  for (const { row } of batch) {
    if (isUse(row)) last.set(row.secret_id ?? '', row);
  }
  const rows = [...last.values()];
  return [
    array(rows, (row) => row.key_id),
    array(rows, (row) => row.secret_id),
    array(rows, (row) => row.at),
    array(rows, (row) => row.ip),
  ];
}

interface HourOfUse {
  readonly row: LogRow;
  readonly hour: number;
  requests: number;
  charged: number;
}

/** Requests of each key and hour in a batch, as arrays for `audit_count_use`. */
export function hoursOf(batch: readonly UseOfKey[]): string[] {
  const counted = new Map<string, HourOfUse>();
  for (const { row } of batch) {
    if (!isUse(row)) continue;
    const hour = startOfHour(row.at);
    const slot = `${row.key_id}/${hour}`;
    let count = counted.get(slot);
    if (!count) counted.set(slot, (count = { row, hour, requests: 0, charged: 0 }));
    count.requests += 1;
    count.charged += row.quota_charged;
  }
  const hours = [...counted.values()];
  return [
    array(hours, ({ row }) => row.key_id),
    array(hours, ({ hour }) => hour),
    array(hours, ({ row }) => row.organization_id),
    array(hours, ({ row }) => row.store_id),
    array(hours, ({ requests }) => requests),
    array(hours, ({ charged }) => charged),
  ];
}

/** Levels whose hour is remembered: some hundred bytes each. */
const REMEMBERED = 20_000;

/** Which levels a batch needed, each told once an hour. What is remembered only keeps repetition from the database. */
export class LevelNotes {
  private readonly told = new LRUCache<string, number>({ max: REMEMBERED });

  /** What is to be told of a batch, as arrays for `audit_count_use`. */
  of(batch: readonly UseOfKey[]): string[] {
    const rows = [...this.news(batch).values()];
    return [
      array(rows, (row) => row.key_id),
      array(rows, (row) => row.resource),
      array(rows, (row) => row.level),
      array(rows, (row) => row.at),
    ];
  }

  /** The batch is committed: its levels need not be told again within their hour. */
  remember(batch: readonly UseOfKey[]): void {
    for (const [slot, row] of this.news(batch)) this.told.set(slot, startOfHour(row.at));
  }

  private news(batch: readonly UseOfKey[]): Map<string, LogRow> {
    const news = new Map<string, LogRow>();
    for (const { row, usedLevel } of batch) {
      if (!usedLevel || row.completes !== null) continue;
      const slot = `${row.key_id}/${row.resource}/${row.level}`;
      if (this.told.get(slot) !== startOfHour(row.at)) news.set(slot, row);
    }
    return news;
  }
}

function startOfHour(at: number): number {
  return at - (at % HOUR_MS);
}

/** A PostgreSQL array of values that need no quotes. */
function array<T>(items: readonly T[], value: (item: T) => string | number | null): string {
  return `{${items.map((item) => value(item) ?? 'NULL').join(',')}}`;
}
