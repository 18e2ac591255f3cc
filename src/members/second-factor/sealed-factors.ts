import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MasterSecrets, SecretBox, type SecretHolder, SecretHolders } from '../../platform/crypto/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { recoveryPlace } from './recovery-codes.js';
import { totpPlace } from './second-factors.js';

/** Where boxes are stored. */
interface Boxes {
  readonly table: string;
  readonly column: string;
  readonly name: string;
  readonly place: (memberId: string) => string;
}

const BOXES: readonly Boxes[] = [
  { name: 'second factors', table: 'member_totp', column: 'secret', place: totpPlace },
  { name: 'recovery codes', table: 'recovery_codes', column: 'sealed', place: recoveryPlace },
];

/** Lets a change of the master secret carry second factors and recovery codes over. */
@Injectable()
export class SealedFactors implements OnModuleInit {
  constructor(
    private readonly secrets: MasterSecrets,
    private readonly box: SecretBox,
    private readonly holders: SecretHolders,
  ) {}

  onModuleInit(): void {
    for (const boxes of BOXES) this.holders.register(this.holderOf(boxes));
  }

  private holderOf({ name, table, column, place }: Boxes): SecretHolder {
    // the head of a box: its version in one byte, then the id of its master secret in eight
    const masterId = `encode(substring(${column} FROM 2 FOR 8), 'hex')`;
    return {
      name,
      count: (tx) =>
        tx.query(
          `SELECT ${masterId} AS "masterId", count(*)::integer AS count FROM ${table} GROUP BY 1 ORDER BY 1`,
        ),
      renew: async (tx, limit) => {
        const rows = await tx.query<{ id: string; memberId: string; box: Buffer }[]>(
          `SELECT id, member_id AS "memberId", ${column} AS box FROM ${table}
           WHERE ${masterId} <> $1 AND ${masterId} = ANY ($2) LIMIT $3 FOR UPDATE SKIP LOCKED`,
          [this.secrets.currentId, this.secrets.ids, limit],
        );
        for (const row of rows) await this.reseal(tx, `UPDATE ${table} SET ${column} = $1`, place, row);
        return rows.length;
      },
    };
  }

  private async reseal(
    tx: Transaction,
    update: string,
    place: (memberId: string) => string,
    { id, memberId, box }: { id: string; memberId: string; box: Buffer },
  ): Promise<void> {
    const secret = this.box.open(box, place(memberId));
    await tx.query(`${update} WHERE id = $2`, [this.box.seal(secret, place(memberId)), id]);
  }
}
