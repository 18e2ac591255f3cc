import { Controller, Delete, Get, HttpCode, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import { Context, Free, RequestContext, Requires } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { Lists, type Page } from '../../platform/http/lists/index.js';
import { ApiErrors, ApiGroup, ApiNoContent, ApiPage } from '../../platform/http/openapi/index.js';
import { OpenSessionResponse, openSessionResponse } from '../dto/open-session.response.js';
import { SessionCookie } from '../session-cookie.js';
import { Session } from '../session.entity.js';
import { IDLE_SECONDS, Sessions } from '../sessions.js';
import { ListSessionsQuery } from './me.input.js';
import { memberOf } from './proof.js';

/** Where a member is signed in. */
@ApiGroup('Session')
@Controller('me/sessions')
export class MeSessionsController {
  constructor(
    private readonly database: Database,
    private readonly lists: Lists,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  @Requires('none')
  @Free()
  @ApiOperation({ operationId: 'listMySessions', summary: 'List one’s sessions: where one is signed in' })
  @ApiPage(OpenSessionResponse, 'A page of living sessions.')
  @ApiErrors()
  list(
    @Context() context: RequestContext,
    @Query() query: ListSessionsQuery,
  ): Promise<Page<OpenSessionResponse>> {
    const member = memberOf(context);
    const builder = this.database.manager
      .createQueryBuilder(Session, 'session')
      .where('session.memberId = :memberId', { memberId: member.id })
      .andWhere('session.expiresAt > gate_clock()')
      .andWhere('session.lastSeenAt > gate_clock() - make_interval(secs => :idle)', { idle: IDLE_SECONDS });
    return this.lists.page(query, {
      name: `sessions/${member.id}`,
      builder,
      present: (session) => openSessionResponse(session, member.sessionId),
    });
  }

  @Delete(':id')
  @Requires('none')
  @Free()
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteMySession', summary: 'End one of one’s sessions' })
  @ApiNoContent('The session has ended.')
  @ApiErrors()
  async delete(@Context() context: RequestContext, @IdParam('session') id: string): Promise<void> {
    const member = memberOf(context);
    if (!(await this.sessions.endOf(member.id, id))) throw new NotFound();
    if (id === member.sessionId) context.setHeader('Set-Cookie', this.cookie.clear(context.request));
  }

  @Delete()
  @Requires('none')
  @Free()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteMySessions',
    summary: 'Sign out everywhere',
    description: 'Ends every session of the member, this one too, and takes its cookie away.',
  })
  @ApiNoContent('No session is left.')
  @ApiErrors()
  async deleteAll(@Context() context: RequestContext): Promise<void> {
    await this.sessions.endAll(this.database.manager, memberOf(context).id);
    context.setHeader('Set-Cookie', this.cookie.clear(context.request));
  }
}
