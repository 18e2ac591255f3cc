import { Injectable } from '@nestjs/common';
import { BoxBroken, SecretBox } from '../../platform/crypto/index.js';
import { Database, databaseClock, type Transaction } from '../../platform/database/index.js';
import { Conflict, NotFound } from '../../platform/errors/index.js';
import { Events } from '../../platform/events/index.js';
import { newUuid, toPublicId } from '../../platform/ids/index.js';
import { SecondFactorUnavailable, WrongProof } from '../members.errors.js';
import { describeTotp, isTotpCode, newTotpSecret, stepOfCode } from './codes.js';
import { RecoveryCodes } from './recovery-codes.js';
import { MemberTotp } from './second-factor.entities.js';

/** Whose second factor it is. UUIDs. */
export interface FactorOwner {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
}

const BEGIN = `
INSERT INTO member_totp AS t (id, member_id, organization_id, secret) VALUES ($1, $2, $3, $4)
ON CONFLICT (member_id) DO UPDATE SET secret = EXCLUDED.secret, updated_at = now() WHERE t.confirmed_at IS NULL
RETURNING 1`;

// One statement, so that of two who send the same code at once, one is refused.
const USE_STEP = `
INSERT INTO totp_steps AS s (member_id, last_step) VALUES ($1, $2)
ON CONFLICT (member_id) DO UPDATE SET last_step = EXCLUDED.last_step WHERE s.last_step < EXCLUDED.last_step
RETURNING 1`;

/** The second factor of members: codes of an authenticator (RFC 6238), and recovery codes in their place. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly recovery: RecoveryCodes,
    private readonly events: Events,
  ) {}

  /** Whether a member signs in with a second factor. */
  async isActive(memberId: string): Promise<boolean> {
    const factor = await this.database.manager.findOneBy(MemberTotp, { memberId });
    return factor?.confirmedAt != null;
  }

  /**
   * A new secret, told once, which asks for nothing until a first code of it was right.
   * @throws Conflict where a second factor is active
   */
  async begin(tx: Transaction, owner: FactorOwner): Promise<{ secret: string; uri: string }> {
    const secret = newTotpSecret();
    const begun = await tx.query<unknown[]>(BEGIN, [
      newUuid(),
      owner.id,
      owner.organizationId,
      this.box.seal(secret, totpPlace(owner.id)),
    ]);
    if (begun.length === 0) throw new Conflict('A second factor is active. Remove it first.');
    return describeTotp(secret, owner.email);
  }

  /**
   * Activates the second factor. Answers its recovery codes, told once.
   * @throws Conflict where none was begun, or one is active; WrongProof; SecondFactorUnavailable
   */
  async confirm(tx: Transaction, owner: FactorOwner, code: string): Promise<string[]> {
    const factor = await this.locked(tx, owner.id);
    if (!factor) throw new Conflict('No second factor was begun.');
    if (factor.confirmedAt !== null) throw new Conflict('The second factor is active already.');
    if (!(await this.useStep(tx, factor, code))) throw new WrongProof('code');
    await tx.update(
      MemberTotp,
      { id: factor.id },
      { confirmedAt: () => 'gate_clock()', updatedAt: () => 'now()' },
    );
    await this.emit(tx, owner, 'member.second_factor_enabled');
    return this.recovery.replace(tx, owner.id);
  }

  /** Ten new recovery codes in place of the old ones. @throws NotFound where no second factor is active */
  async renewRecoveryCodes(tx: Transaction, owner: FactorOwner): Promise<string[]> {
    if (!(await this.locked(tx, owner.id))?.confirmedAt) throw new NotFound('no second factor');
    return this.recovery.replace(tx, owner.id);
  }

  /** Takes the second factor away, with its codes. @throws NotFound where the member has none */
  async remove(tx: Transaction, owner: FactorOwner): Promise<void> {
    const factor = await this.locked(tx, owner.id);
    if (!factor) throw new NotFound('no second factor');
    await tx.delete(MemberTotp, { id: factor.id });
    if (factor.confirmedAt !== null) await this.emit(tx, owner, 'member.second_factor_disabled');
  }

  /**
   * Whether a code is right: the authenticator's, which works once, or a recovery code, which is used up by it.
   * One of an authenticator's form is checked against the authenticator alone: where it opens, whatever became of
   * the recovery codes, a wrong one is a wrong one, and counts.
   * @throws NotFound where no second factor is active; SecondFactorUnavailable
   */
  async use(tx: Transaction, owner: FactorOwner, code: string): Promise<boolean> {
    const factor = await tx.findOneBy(MemberTotp, { memberId: owner.id });
    if (!factor?.confirmedAt) throw new NotFound('no second factor');
    if (isTotpCode(code)) return this.useStep(tx, factor, code);
    const left = await this.recovery.use(tx, owner.id, code);
    if (left === undefined) return false;
    await this.emit(tx, owner, 'member.recovery_code_used', { left });
    return true;
  }

  private async useStep(tx: Transaction, { memberId, secret }: MemberTotp, code: string): Promise<boolean> {
    const step = stepOfCode(this.open(secret, memberId), code, await databaseClock(tx));
    if (step === undefined) return false;
    return (await tx.query<unknown[]>(USE_STEP, [memberId, step])).length > 0;
  }

  private open(sealed: Buffer, memberId: string): Buffer {
    try {
      return this.box.open(sealed, totpPlace(memberId));
    } catch (error) {
      throw error instanceof BoxBroken ? new SecondFactorUnavailable(error) : error;
    }
  }

  private locked(tx: Transaction, memberId: string): Promise<MemberTotp | null> {
    return tx.findOne(MemberTotp, { where: { memberId }, lock: { mode: 'pessimistic_write' } });
  }

  private async emit(
    tx: Transaction,
    { id, organizationId }: FactorOwner,
    type: string,
    data: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    await this.events.emit(tx, {
      type,
      organizationId,
      storeId: null,
      subjectId: toPublicId('member', id),
      data,
    });
  }
}

export const totpPlace = (memberId: string) => `totp/${memberId}`;
