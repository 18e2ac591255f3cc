import { Body, Controller, Delete, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { CONFIG, type Config } from '../platform/config/index.js';
import { NotFound } from '../platform/errors/index.js';
import {
  BodyLimit,
  Context,
  EvenSuspended,
  Free,
  Public,
  type RequestContext,
  Requires,
} from '../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiNoContent, ApiGroup } from '../platform/http/openapi/index.js';
import { SessionResponse, sessionResponse } from './dto/session.response.js';
import { SignInDto } from './dto/sign-in.dto.js';
import { assertSameOrigin } from './same-origin.js';
import { SessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';

/** An address and a password, and room for JSON's escapes. */
const SIGN_IN_BYTES = 8_192;

/** The session of a member: opened by signing in, ended by signing out. */
@ApiGroup('Session', 'Who asks: signing in and out, and what the caller may do.')
@Controller('session')
export class SessionController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @Public()
  @HttpCode(200)
  @BodyLimit(SIGN_IN_BYTES)
  @ApiOperation({
    operationId: 'createSession',
    summary: 'Sign in',
    description:
      'Sets the session cookie. Every wrong pair of address and password gets the same answer, `SIGN_IN_FAILED`. ' +
      'A member with a second factor sends its code as `totp`; without one a right password is `TOTP_REQUIRED`. Ten ' +
      'failures within 15 minutes lock an address for 15 minutes, whether or not somebody has it.',
  })
  @ApiAnswer(SessionResponse, { description: 'The session; its cookie is in `Set-Cookie`.' })
  @ApiErrors('body')
  async create(@Context() context: RequestContext, @Body() body: SignInDto): Promise<SessionResponse> {
    assertSameOrigin(context.request, this.config.publicUrl);
    const signedIn = await this.signIn.signIn(context, body);
    context.setHeader('Set-Cookie', this.cookie.issue(context.request, signedIn.session.token));
    return sessionResponse(signedIn);
  }

  @Delete()
  @Requires('none')
  @EvenSuspended()
  @Free()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteSession',
    summary: 'Sign out',
    description:
      'Ends the session and takes its cookie away, also while the organization is suspended. Keys have no session: ' +
      'for them there is nothing here.',
  })
  @ApiNoContent('Signed out.')
  @ApiErrors()
  async delete(@Context() context: RequestContext): Promise<void> {
    const principal = context.authenticated;
    if (principal.kind !== 'member') throw new NotFound('a key has no session');
    await this.sessions.end(principal.sessionId);
    context.setHeader('Set-Cookie', this.cookie.clear(context.request));
  }
}
