import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { InvalidInput } from '../../platform/errors/index.js';
import {
  BodyLimit,
  Context,
  Free,
  type MemberPrincipal,
  RequestContext,
  Requires,
} from '../../platform/http/index.js';
import { ApiErrors, ApiGroup, ApiIdempotencyKey, ApiNoContent } from '../../platform/http/openapi/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { NewPasswords } from '../new-passwords.js';
import { Passwords } from '../passwords.js';
import { ChangePasswordInput } from './me.input.js';
import { memberOf, Proof } from './proof.js';

/** Two passwords, and room for JSON's escapes. */
const BODY_BYTES = 8_192;

/** The password of whoever asks. */
@ApiGroup('Session')
@Controller('me')
export class MePasswordController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly proof: Proof,
    private readonly passwords: Passwords,
    private readonly newPasswords: NewPasswords,
  ) {}

  @Post('password')
  @Requires('none')
  @Free()
  @HttpCode(204)
  @BodyLimit(BODY_BYTES)
  @ApiOperation({
    operationId: 'changeMyPassword',
    summary: 'Change one’s password',
    description:
      'For members. Ends every other session of theirs; this one goes on. A wrong `currentPassword` is 400, and ' +
      'counts as a failed sign-in.',
  })
  @ApiNoContent('The new password is in force.')
  @ApiIdempotencyKey()
  @ApiErrors('body', 'idempotent')
  async change(@Context() context: RequestContext, @Body() body: ChangePasswordInput): Promise<void> {
    const member = memberOf(context);
    // A repetition gets the first answer again: by now the current password is another one.
    const change = (await this.transactions.isReplay(context))
      ? undefined
      : await this.prepare(context, member, body);
    await this.transactions.run(context, async (tx) => {
      if (!change || !(await this.newPasswords.replace(tx, change))) {
        throw new InvalidInput([{ field: 'currentPassword', reason: 'was changed meanwhile' }]);
      }
    });
  }

  /** Everything that takes its time, before the transaction. */
  private async prepare(
    context: RequestContext,
    member: MemberPrincipal,
    { currentPassword, newPassword }: ChangePasswordInput,
  ) {
    const instead = await this.proof.password(context, member, currentPassword);
    if (newPassword === currentPassword) {
      throw new InvalidInput([{ field: 'newPassword', reason: 'is the current one' }]);
    }
    const passwordHash = await this.passwords.hash(newPassword, member, 'newPassword');
    return {
      memberId: member.id,
      passwordHash,
      by: 'change',
      instead,
      keptSessionId: member.sessionId,
    } as const;
  }
}
