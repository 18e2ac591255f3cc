import {
  BoxBroken,
  type HeldCount,
  type HeldSecret,
  type MasterSecrets,
  type SecretBox,
  type SecretHolder,
} from '../../platform/crypto/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';

/** Where boxes are stored, and whose they are. */
export interface Boxes {
  /** With the columns `id` and `member_id`. */
  readonly table: string;
  readonly column: string;
  readonly name: string;
  readonly place: (memberId: string) => string;
  /** SQL over a row `b`: whether the member signs in with it, where it opens. */
  readonly isInForce: string;
  /** SQL over a row `b`: when it was last used, or null. */
  readonly lastUse: string;
}

interface Row {
  readonly id: string;
  readonly memberId: string;
  readonly box: Buffer;
}

interface LeftRow extends Row {
  readonly name: string;
  readonly known: boolean;
  readonly isInForce: boolean;
  readonly lastUsedAt: Date | null;
}

/** Below every UUID. */
const FIRST = '00000000-0000-0000-0000-000000000000';
/** Opened at a time. */
const PAGE = 500;

/**
 * The boxes of one table, for a change of the master secret. A box that does not open stays as it is: its member's
 * second factor is not taken away because somebody altered a row, or because a setting is missing.
 */
export class BoxHolder implements SecretHolder {
  readonly name: string;
  /** SQL over a row `b`, from the head of a box: its version in one byte, then the id of its master secret in eight. */
  private readonly masterId: string;

  constructor(
    private readonly boxes: Boxes,
    private readonly secrets: MasterSecrets,
    private readonly box: SecretBox,
  ) {
    this.name = boxes.name;
    this.masterId = `encode(substring(b.${boxes.column} FROM 2 FOR 8), 'hex')`;
  }

  async count(tx: Transaction): Promise<HeldCount[]> {
    const counts = await tx.query<HeldCount[]>(
      `SELECT ${this.masterId} AS "masterId", count(*)::integer AS count
       FROM ${this.boxes.table} b GROUP BY 1 ORDER BY 1`,
    );
    const previous = this.secrets.ids.slice(1);
    const told: HeldCount[] = [];
    for (const row of counts) {
      const isOpenable = previous.includes(row.masterId);
      told.push(isOpenable ? { ...row, broken: await this.countBroken(tx, row.masterId) } : row);
    }
    return told;
  }

  /** Passes over what does not open, so that it keeps nothing else back. */
  async renew(tx: Transaction, limit: number): Promise<number> {
    const previous = this.secrets.ids.slice(1);
    let after = FIRST;
    for (;;) {
      const rows = await this.page(tx, previous, after, `LIMIT ${limit} FOR UPDATE SKIP LOCKED`);
      let renewed = 0;
      for (const row of rows) if (await this.reseal(tx, row)) renewed += 1;
      const last = rows.at(-1);
      if (renewed > 0 || !last) return renewed;
      after = last.id;
    }
  }

  async left(tx: Transaction, limit: number): Promise<HeldSecret[]> {
    const { table, column, isInForce, lastUse } = this.boxes;
    const rows = await tx.query<LeftRow[]>(
      `SELECT b.id, b.member_id AS "memberId", b.${column} AS box, m.name,
         ${isInForce} AS "isInForce", ${lastUse} AS "lastUsedAt", ${this.masterId} = ANY ($1) AS known
       FROM ${table} b JOIN members m ON m.id = b.member_id
       WHERE ${this.masterId} <> ($1::text[])[1] ORDER BY known, b.id LIMIT $2`,
      [this.secrets.ids, limit],
    );
    return rows.map((row) => {
      const opens = this.open(row) !== undefined;
      return {
        id: toPublicId('member', row.memberId),
        name: row.name,
        working: opens && row.isInForce,
        renewable: opens,
        ...(opens ? {} : { broken: true }),
        lastUsedAt: row.lastUsedAt,
      };
    });
  }

  private async countBroken(tx: Transaction, masterId: string): Promise<number> {
    let broken = 0;
    let after = FIRST;
    for (;;) {
      const rows = await this.page(tx, [masterId], after, `LIMIT ${PAGE}`);
      broken += rows.filter((row) => this.open(row) === undefined).length;
      const last = rows.at(-1);
      if (!last) return broken;
      after = last.id;
    }
  }

  private page(tx: Transaction, masterIds: readonly string[], after: string, rest: string): Promise<Row[]> {
    return tx.query<Row[]>(
      `SELECT b.id, b.member_id AS "memberId", b.${this.boxes.column} AS box FROM ${this.boxes.table} b
       WHERE ${this.masterId} = ANY ($1) AND b.id > $2 ORDER BY b.id ${rest}`,
      [masterIds, after],
    );
  }

  /** Answers whether the box was brought under the current master secret. */
  private async reseal(tx: Transaction, row: Row): Promise<boolean> {
    const secret = this.open(row);
    if (secret === undefined) return false;
    const { table, column, place } = this.boxes;
    const box = this.box.seal(secret, place(row.memberId));
    await tx.query(`UPDATE ${table} SET ${column} = $1 WHERE id = $2`, [box, row.id]);
    return true;
  }

  private open({ box, memberId }: Row): Buffer | undefined {
    try {
      return this.box.open(box, this.boxes.place(memberId));
    } catch (error) {
      if (error instanceof BoxBroken) return undefined;
      throw error;
    }
  }
}
