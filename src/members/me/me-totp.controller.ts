import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Transaction } from '../../platform/database/index.js';
import {
  BodyLimit,
  Context,
  Free,
  type MemberPrincipal,
  RequestContext,
  Requires,
} from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup, ApiNoContent } from '../../platform/http/openapi/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { PendingTotpResponse, RecoveryCodesResponse } from '../dto/second-factor.response.js';
import { LockOut } from '../lock-out/lock-out.js';
import { WrongProof } from '../members.errors.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { BeginTotpInput, ConfirmTotpInput, SecondFactorInput } from './me.input.js';
import { memberOf, Proof } from './proof.js';

const BODY_BYTES = 8_192;

/** The second factor of whoever asks. */
@ApiGroup('Session')
@Controller('me/totp')
export class MeTotpController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly proof: Proof,
    private readonly lockOut: LockOut,
    private readonly secondFactors: SecondFactors,
  ) {}

  @Post()
  @Requires('none')
  @Free()
  @BodyLimit(BODY_BYTES)
  @ApiOperation({
    operationId: 'createMyTotp',
    summary: 'Begin a second factor (TOTP, RFC 6238)',
    description:
      'For members. Tells an authenticator’s secret, once; nothing asks for its codes before `confirmMyTotp`. ' +
      'Begun again before that, the older secret is void. 409 where a second factor is active.',
  })
  @ApiAnswer(PendingTotpResponse, {
    status: 201,
    description: 'The secret, in both its forms.',
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Context() context: RequestContext,
    @Body() { currentPassword }: BeginTotpInput,
  ): Promise<PendingTotpResponse> {
    const member = memberOf(context);
    const isReplay = await this.transactions.isReplay(context);
    if (!isReplay) await this.proof.password(context, member, currentPassword);
    return this.transactions.run(
      context,
      (tx) => {
        // the first answer is kept no more: nothing was proven
        if (isReplay) throw new WrongProof('currentPassword');
        return this.secondFactors.begin(tx, member);
      },
      { secretOf: () => publicIdOf(member) },
    );
  }

  @Post('confirm')
  @Requires('none')
  @Free()
  @HttpCode(200)
  @BodyLimit(BODY_BYTES)
  @ApiOperation({
    operationId: 'confirmMyTotp',
    summary: 'Activate the second factor with its first code',
    description:
      'From now on signing in asks for a code. Tells ten recovery codes, once. A wrong code is 400, and counts as a ' +
      'failed sign-in.',
  })
  @ApiAnswer(RecoveryCodesResponse, { description: 'The recovery codes.', idempotent: true })
  @ApiErrors('body', 'idempotent', 'conflict')
  async confirm(
    @Context() context: RequestContext,
    @Body() { code }: ConfirmTotpInput,
  ): Promise<RecoveryCodesResponse> {
    const member = memberOf(context);
    // Counted too: whoever found an open session would else guess the code of a factor that its owner has begun.
    return this.proof.counted(context, member, () =>
      this.transactions.run(
        context,
        async (tx) => {
          const recoveryCodes = await this.secondFactors.confirm(tx, member, code);
          await this.lockOut.assertOpen(member.email, tx);
          return { recoveryCodes };
        },
        { secretOf: () => publicIdOf(member) },
      ),
    );
  }

  @Post('recovery-codes')
  @Requires('none')
  @Free()
  @BodyLimit(BODY_BYTES)
  @ApiOperation({
    operationId: 'createMyRecoveryCodes',
    summary: 'Make ten new recovery codes; the old ones stop working',
    description: 'A wrong code is 400, and counts as a failed sign-in.',
  })
  @ApiAnswer(RecoveryCodesResponse, { status: 201, description: 'The recovery codes.', idempotent: true })
  @ApiErrors('body', 'idempotent')
  async createRecoveryCodes(
    @Context() context: RequestContext,
    @Body() { code }: SecondFactorInput,
  ): Promise<RecoveryCodesResponse> {
    const member = memberOf(context);
    return this.proof.counted(context, member, () =>
      this.transactions.run(
        context,
        async (tx) => {
          await this.assertCode(tx, member, code);
          return { recoveryCodes: await this.secondFactors.renewRecoveryCodes(tx, member) };
        },
        { secretOf: () => publicIdOf(member) },
      ),
    );
  }

  @Delete()
  @Requires('none')
  @Free()
  @HttpCode(204)
  @BodyLimit(BODY_BYTES)
  @ApiOperation({
    operationId: 'deleteMyTotp',
    summary: 'Remove one’s second factor, with its recovery codes',
    description: 'A wrong code is 400, and counts as a failed sign-in.',
  })
  @ApiNoContent('Signing in asks for the password alone.')
  @ApiErrors('body')
  async delete(@Context() context: RequestContext, @Body() { code }: SecondFactorInput): Promise<void> {
    const member = memberOf(context);
    await this.proof.counted(context, member, () =>
      this.transactions.run(context, async (tx) => {
        await this.assertCode(tx, member, code);
        await this.secondFactors.remove(tx, member);
      }),
    );
  }

  /** Looks at the lock once more: of many codes that are tried at once, none is right after the tenth wrong one. */
  private async assertCode(tx: Transaction, member: MemberPrincipal, code: string): Promise<void> {
    const isRight = await this.secondFactors.use(tx, member, code);
    await this.lockOut.assertOpen(member.email, tx);
    if (!isRight) throw new WrongProof('code');
  }
}

const publicIdOf = (member: MemberPrincipal) => toPublicId('member', member.id);
