import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/index.js';
import { BodyLimit, Context, FailedAttempts, Public, RequestContext } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup, ApiNoContent } from '../../platform/http/openapi/index.js';
import { MembersService } from '../members.service.js';
import { assertSameOrigin } from '../same-origin.js';
import { ConfirmPasswordResetInput, RequestPasswordResetInput } from './password-reset.input.js';
import { PasswordResetRequestedResponse } from './password-reset.response.js';
import { PasswordResets } from './password-resets.js';
import { ResetMail } from './reset-mail.js';

/** An address or a token with a password, and room for JSON's escapes. */
const BODY_BYTES = 8_192;

/** For members who cannot sign in, and so are strangers here. */
@ApiGroup('Session')
@Controller('password-resets')
export class PasswordResetsController {
  constructor(
    private readonly database: Database,
    private readonly members: MembersService,
    private readonly resets: PasswordResets,
    private readonly mail: ResetMail,
    private readonly failures: FailedAttempts,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @Public()
  @HttpCode(202)
  @BodyLimit(BODY_BYTES)
  @ApiOperation({
    operationId: 'requestPasswordReset',
    summary: 'Ask for a link to set a new password',
    description:
      'The answer is the same for every address. Where it is a member’s and a mail server is configured, a link is ' +
      'mailed, at most every five minutes. Otherwise an administrator makes one: `createMemberPasswordReset`.',
  })
  @ApiAnswer(PasswordResetRequestedResponse, { status: 202, description: 'Said to everybody.' })
  @ApiErrors('body')
  async request(
    @Context() context: RequestContext,
    @Body() { email }: RequestPasswordResetInput,
  ): Promise<PasswordResetRequestedResponse> {
    assertSameOrigin(context.request, this.config.publicUrl);
    this.failures.assertAllowed('password-reset', context.ip);
    await this.failures.record('password-reset', context.ip);
    if (this.mail.enabled) {
      const member = await this.members.findByEmail(email);
      await this.mail.enqueue(this.database.manager, { memberId: member?.id ?? null, isUrgent: false });
    }
    return { message: 'If the address is a member’s, a link is on its way to it.' };
  }

  @Post('confirm')
  @Public()
  @HttpCode(204)
  @BodyLimit(BODY_BYTES)
  @ApiOperation({
    operationId: 'confirmPasswordReset',
    summary: 'Set a new password by a link',
    description:
      'A link works once, within an hour. Ends every session of the member, and lifts a lock-out; a second factor is ' +
      'asked for as before. Whatever is wrong with a link gets the same answer, `LINK_INVALID`.',
  })
  @ApiNoContent('The new password is in force.')
  @ApiErrors('body')
  async confirm(
    @Context() context: RequestContext,
    @Body() { token, password }: ConfirmPasswordResetInput,
  ): Promise<void> {
    assertSameOrigin(context.request, this.config.publicUrl);
    await this.resets.confirm(context, token, password);
  }
}
