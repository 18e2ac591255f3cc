import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { BodyLimit, Context, Public, RequestContext } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { assertSameOrigin } from '../same-origin.js';
import { Acceptance } from './acceptance.js';
import { AcceptInvitationInput } from './invitation.input.js';
import { JoinedMemberResponse } from './invitation.response.js';

/** A token, a name and a password, and room for JSON's escapes. */
const ACCEPTANCE_BYTES = 8_192;

/** For those who hold a link, and are nobody yet. */
@ApiGroup('Members')
@Controller('invitations')
export class AcceptanceController {
  constructor(
    private readonly acceptance: Acceptance,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('accept')
  @Public()
  @BodyLimit(ACCEPTANCE_BYTES)
  @ApiOperation({
    operationId: 'acceptInvitation',
    summary: 'Accept an invitation',
    description:
      'Makes a member of whoever holds the link; they sign in next. A link works once. Whatever is wrong with one ' +
      'gets the same answer, `INVITATION_INVALID`.',
  })
  @ApiAnswer(JoinedMemberResponse, { status: 201, description: 'The new member.' })
  @ApiErrors('body', 'conflict')
  async accept(
    @Body() body: AcceptInvitationInput,
    @Context() context: RequestContext,
  ): Promise<JoinedMemberResponse> {
    assertSameOrigin(context.request, this.config.publicUrl);
    const member = await this.acceptance.accept(context, body);
    return {
      id: toPublicId('member', member.id),
      email: member.email,
      name: member.name,
      role: { id: toPublicId('role', member.roleId), name: member.roleName },
      organization: { id: toPublicId('organization', member.organizationId), name: member.organizationName },
    };
  }
}
