import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BoxBroken, SecretBox } from '../../platform/crypto/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { SecondFactorUnavailable } from '../members.errors.js';
import { newRecoveryCodes, recoveryHash } from './codes.js';
import { RecoveryCode } from './second-factor.entities.js';

/**
 * The codes that stand in for a lost authenticator. Their SHA-256 is stored, sealed: 80 random bits are not found
 * again from it, and a box, unlike a digest, can be carried over to another master secret.
 */
@Injectable()
export class RecoveryCodes {
  constructor(private readonly box: SecretBox) {}

  /** Ten new codes in place of all that the member has; told once. */
  async replace(tx: Transaction, memberId: string): Promise<string[]> {
    await tx.delete(RecoveryCode, { memberId });
    const codes = newRecoveryCodes();
    const rows = codes.map((code) => ({
      id: newUuid(),
      memberId,
      sealed: this.box.seal(recoveryHash(code), recoveryPlace(memberId)),
    }));
    await tx.insert(RecoveryCode, rows);
    return codes;
  }

  /**
   * Uses a code up: of two who send the same one at once, one is refused. Answers how many are left.
   * @throws SecondFactorUnavailable where none that opens is the one, and one does not open
   */
  async use(tx: Transaction, memberId: string, code: string): Promise<number | undefined> {
    const hash = recoveryHash(code);
    const rows = await tx.findBy(RecoveryCode, { memberId });
    let broken: BoxBroken | undefined;
    const used = rows.find(({ sealed }) => {
      const stored = this.open(sealed, memberId);
      if (Buffer.isBuffer(stored)) return timingSafeEqual(stored, hash);
      broken = stored;
      return false;
    });
    if (!used && broken) throw new SecondFactorUnavailable(broken);
    if (!used) return undefined;
    const deleted = await tx.delete(RecoveryCode, { id: used.id });
    return deleted.affected === 1 ? rows.length - 1 : undefined;
  }

  private open(sealed: Buffer, memberId: string): Buffer | BoxBroken {
    try {
      return this.box.open(sealed, recoveryPlace(memberId));
    } catch (error) {
      if (error instanceof BoxBroken) return error;
      throw error;
    }
  }
}

export const recoveryPlace = (memberId: string) => `recovery/${memberId}`;
