import { expect } from '@jest/globals';
import { Eraser, type Hold, Purger } from '../../src/audit/index.js';
import type { LogRow } from '../../src/audit/log-row.js';
import { toPublicId } from '../../src/platform/ids/index.js';
import { faultsOf } from '../audit/log-proof.js';
import { anchor, dayAgo, sealChanges } from '../audit/old-days.js';
import { StandInHolds } from '../audit/stand-in-holds.js';
import { uuidOf } from '../keys/key-calls.js';
import { call, json } from '../support/http-client.js';
import type { TestApp, TestKey } from '../support/test-app.js';

const DAY_MS = 86_400_000;

/** Two days that are past the retention, and two that are not. */
export const DAYS = [dayAgo(402), dayAgo(401), dayAgo(399), dayAgo(1)] as const;
export const isPast = (day: string): boolean => day < dayAgo(400);

export interface ModelRow {
  readonly row: LogRow;
  readonly day: string;
  place: 'log' | 'held' | 'gone';
  isAnchored: boolean;
  isErased: boolean;
  /** It was past the retention, and kept. */
  wasKept: boolean;
}

export interface ModelChange {
  readonly id: string;
  readonly keyId: string;
  readonly day: string;
  isAnchored: boolean;
  isGone: boolean;
}

/** What must be in the logs: worked out beside the server, from the rules alone. */
export class RetentionModel {
  readonly rows: ModelRow[] = [];
  readonly changes: ModelChange[] = [];
  readonly holds: Hold[] = [];

  constructor(readonly keyIds: readonly string[]) {}

  isHeld(keyId: string | null, day: string): boolean {
    return this.holds.some(
      (hold) =>
        (hold.keyId === undefined || hold.keyId === keyId) &&
        (hold.from === undefined || hold.from.getTime() === Date.parse(day)),
    );
  }

  purge(): void {
    for (const day of DAYS.filter(isPast)) {
      const rows = this.rows.filter((row) => row.day === day && row.place !== 'gone');
      if (rows.every(({ isAnchored }) => isAnchored)) {
        for (const one of rows) {
          one.place = this.isHeld(one.row.key_id, day) ? 'held' : 'gone';
          one.wasKept ||= one.place === 'held';
        }
      }
      const changes = this.changes.filter((change) => change.day === day && !change.isGone);
      if (changes.every(({ isAnchored }) => isAnchored)) {
        for (const change of changes) change.isGone = !this.isHeld(change.keyId, day);
      }
    }
  }
}

interface StoredRow {
  readonly id: string;
  readonly place: 'log' | 'held';
  readonly key_name: string | null;
  readonly query: string | null;
  readonly user_agent: string | null;
  readonly ip: string | null;
  readonly path: string;
}

/** The server under test, with what a run of commands needs of it. */
export class Retained {
  private constructor(
    readonly app: TestApp,
    readonly admin: TestKey,
    readonly keys: readonly TestKey[],
    readonly addresses: readonly string[],
  ) {}

  private static runs = 0;

  /** Begins without holds and with nothing that is past. */
  static async begin(app: TestApp): Promise<Retained> {
    const admin = await app.createKey({ role: 'admin' });
    const keys: TestKey[] = [];
    for (let i = 0; i < 3; i++) keys.push(await app.createKey({ storeId: admin.storeId }));
    Retained.runs += 1;
    const real = new Retained(app, admin, keys, [`10.1.0.${Retained.runs}`, `10.2.0.${Retained.runs}`]);
    real.holds.clear();
    await sealChanges(app);
    await anchor(app);
    await real.purge();
    return real;
  }

  get holds(): Set<Hold> {
    return this.app.get(StandInHolds).inForce;
  }

  get keyIds(): string[] {
    return this.keys.map(({ id }) => uuidOf('key', id));
  }

  async purge(): Promise<void> {
    await this.app.get(Purger).purge();
  }

  async erase(selection: { keyId?: string; ip?: string }): Promise<void> {
    const keyId = selection.keyId === undefined ? undefined : toPublicId('key', selection.keyId);
    const answer = await call(this.app.url, '/api/v1/audit/erasures', {
      token: this.admin.token,
      method: 'POST',
      body: { ...(keyId ? { keyId } : { ip: selection.ip }), reason: 'a property' },
    });
    expect(answer.status).toBe(201);
    const id = uuidOf('erasure', json<{ id: string }>(answer).id);
    expect(await this.app.get(Eraser).run({ id, ip: selection.ip })).toBe(true);
  }

  /** What of the past is left in either table. */
  async oldRows(): Promise<number> {
    const [row] = await this.app.sql<{ count: number }>(
      `SELECT (SELECT count(*) FROM held_requests)::integer + (SELECT count(*) FROM request_log WHERE at < $1)::integer
         + (SELECT count(*) FROM change_log WHERE at < $1)::integer AS count`,
      [new Date(Date.parse(dayAgo(400)) - DAY_MS / 2)],
    );
    return row?.count ?? -1;
  }

  /** Compares everything with the model, and proves all that is left. */
  async assertIs(model: RetentionModel): Promise<void> {
    const select = (place: string, table: string) =>
      `SELECT request_id AS id, '${place}' AS place, key_name, query, user_agent, host(ip) AS ip, path
       FROM ${table} WHERE request_id = ANY ($1)`;
    const stored = await this.app.sql<StoredRow>(
      `${select('log', 'request_log')} UNION ALL ${select('held', 'held_requests')}`,
      [model.rows.map(({ row }) => row.request_id)],
    );
    const byId = (a: StoredRow, b: StoredRow) => a.id.localeCompare(b.id);
    expect(stored.sort(byId)).toEqual(model.rows.flatMap(expected).sort(byId));
    const changes = await this.app.sql<{ id: string }>(
      'SELECT id FROM change_log WHERE id = ANY ($1) ORDER BY id',
      [model.changes.map(({ id }) => id)],
    );
    const expectedChanges = model.changes.filter(({ isGone }) => !isGone).map(({ id }) => id);
    expect(changes.map(({ id }) => Number(id))).toEqual(expectedChanges.map(Number).sort((a, b) => a - b));
    expect(await faultsOf(this.app)).toEqual([]);
  }
}

function expected({ row, place, isErased }: ModelRow): StoredRow[] {
  if (place === 'gone') return [];
  const { key_name, query, user_agent, ip } = row;
  const personal = isErased
    ? { key_name: null, query: null, user_agent: null, ip: null }
    : { key_name, query, user_agent, ip };
  return [{ id: row.request_id, place, path: row.path, ...personal }];
}
