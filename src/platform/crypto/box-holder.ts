import type { Transaction } from '../database/index.js';
import { type IdKind, toPublicId } from '../ids/index.js';
import type { MasterSecrets } from './master-secrets.js';
import { BoxBroken, type SecretBox } from './secret-box.js';
import type { HeldCount, HeldSecret, SecretHolder } from './secret-holders.js';

/** Where boxes are stored, and whose they are. */
export interface Boxes {
  /** With a column `id`. */
  readonly table: string;
  /** May be null: then there is none. */
  readonly column: string;
  readonly name: string;
  /** The column that names the place a box is sealed for, and the place. */
  readonly placeColumn: string;
  readonly place: (id: string) => string;
  /** Whose it is: the kind of id, and SQL over a row `b` and the owner's row `o`. */
  readonly owner: {
    readonly kind: IdKind;
    readonly table: string;
    /** The column of `b` that names it. */
    readonly column: string;
    readonly name: string;
  };
  /** SQL over a row `b`: whether it is of use, where it opens. */
  readonly isInForce: string;
  /** SQL over a row `b`: when it was last used, or null. */
  readonly lastUse: string;
}

interface Row {
  readonly id: string;
  readonly placeId: string;
  readonly box: Buffer;
}

interface LeftRow extends Row {
  readonly ownerId: string;
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
 * The boxes of one table, for a change of the master secret. A box that does not open stays as it is: nothing is
 * taken away because somebody altered a row, or because a setting is missing.
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
       FROM ${this.boxes.table} b WHERE b.${this.boxes.column} IS NOT NULL GROUP BY 1 ORDER BY 1`,
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
    const { table, column, placeColumn, owner, isInForce, lastUse } = this.boxes;
    const rows = await tx.query<LeftRow[]>(
      `SELECT b.id, b.${placeColumn} AS "placeId", o.id AS "ownerId", b.${column} AS box, ${owner.name} AS name,
         ${isInForce} AS "isInForce", ${lastUse} AS "lastUsedAt", ${this.masterId} = ANY ($1) AS known
       FROM ${table} b JOIN ${owner.table} o ON o.id = b.${owner.column}
       WHERE ${this.masterId} <> ($1::text[])[1] ORDER BY known, b.id LIMIT $2`,
      [this.secrets.ids, limit],
    );
    return rows.map((row) => {
      const opens = this.open(row) !== undefined;
      return {
        id: toPublicId(owner.kind, row.ownerId),
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
      `SELECT b.id, b.${this.boxes.placeColumn} AS "placeId", b.${this.boxes.column} AS box FROM ${this.boxes.table} b
       WHERE ${this.masterId} = ANY ($1) AND b.id > $2 ORDER BY b.id ${rest}`,
      [masterIds, after],
    );
  }

  /** Answers whether the box was brought under the current master secret. */
  private async reseal(tx: Transaction, row: Row): Promise<boolean> {
    const secret = this.open(row);
    if (secret === undefined) return false;
    const { table, column, place } = this.boxes;
    const box = this.box.seal(secret, place(row.placeId));
    await tx.query(`UPDATE ${table} SET ${column} = $1 WHERE id = $2`, [box, row.id]);
    return true;
  }

  private open({ box, placeId }: Row): Buffer | undefined {
    try {
      return this.box.open(box, this.boxes.place(placeId));
    } catch (error) {
      if (error instanceof BoxBroken) return undefined;
      throw error;
    }
  }
}
