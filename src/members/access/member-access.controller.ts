import { Controller, Delete, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { ApiAnswer, ApiErrors, ApiGroup, ApiNoContent } from '../../platform/http/openapi/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import { baseOfRequest } from '../links.js';
import { PasswordResetResponse } from '../password-resets/password-reset.response.js';
import { ResetLinks } from '../password-resets/reset-links.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { Sessions } from '../sessions.js';
import { MemberAccess } from './member-access.js';

/** How others in the organization get in, seen to by its administrators. */
@ApiGroup('Members', 'The people of an organization, and those who are invited.')
@Controller('members')
@OrganizationWide()
@Resource('settings.members', { label: 'Members', highest: 'admin' })
export class MemberAccessController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly access: MemberAccess,
    private readonly resetLinks: ResetLinks,
    private readonly sessions: Sessions,
    private readonly secondFactors: SecondFactors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post(':id/password-reset')
  @Requires('admin')
  @ApiOperation({
    operationId: 'createMemberPasswordReset',
    summary: 'Make a link by which a member sets a new password',
    description:
      'Mailed to the member, or, without a mail server, told once. It works once, within an hour; an older one stops ' +
      'working. Needs every level of the member’s role (`EXCEEDS_OWN_GRANTS`). 409 for oneself and for a disabled ' +
      'member.',
  })
  @ApiAnswer(PasswordResetResponse, { status: 201, description: 'The link, or its way.', idempotent: true })
  @ApiErrors('idempotent', 'conflict')
  createPasswordReset(
    @IdParam('member') id: string,
    @Context() context: RequestContext,
  ): Promise<PasswordResetResponse> {
    const base = baseOfRequest(context.request, this.config);
    return this.transactions.run(
      context,
      async (tx) => {
        const member = await this.access.openToLetIn(tx, context.authenticated, id);
        return this.resetLinks.make(tx, member, base);
      },
      this.resetLinks.showsLinks ? { secretOf: () => toPublicId('member', id) } : {},
    );
  }

  @Delete(':id/sessions')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({ operationId: 'deleteMemberSessions', summary: 'End every session of a member' })
  @ApiNoContent('The member is signed in nowhere.')
  @ApiErrors()
  async deleteSessions(@IdParam('member') id: string, @Context() context: RequestContext): Promise<void> {
    await this.transactions.run(context, async (tx) => {
      const member = await this.access.open(tx, context.authenticated, id);
      await this.sessions.endAll(tx, member.id);
    });
  }

  @Delete(':id/totp')
  @HttpCode(204)
  @Requires('admin')
  @ApiOperation({
    operationId: 'deleteMemberTotp',
    summary: 'Remove a member’s second factor, where authenticator and recovery codes are lost',
    description: 'Needs every level of the member’s role (`EXCEEDS_OWN_GRANTS`). 409 for oneself.',
  })
  @ApiNoContent('The member signs in with the password alone.')
  @ApiErrors('conflict')
  async deleteTotp(@IdParam('member') id: string, @Context() context: RequestContext): Promise<void> {
    await this.transactions.run(context, async (tx) => {
      await this.secondFactors.remove(tx, await this.access.openToLetIn(tx, context.authenticated, id));
    });
  }
}
