import { Controller, Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database } from '../../platform/database/index.js';
import { Context, reaches, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { KeyFinder } from '../key-finder.js';
import { LeastPrivilegeResponse } from './least-privilege.response.js';
import { LeastPrivilege } from './least-privilege.service.js';

/** What a key holds and does not need. */
@ApiGroup('Keys')
@Controller('keys')
@Resource('settings.keys', { label: 'Keys', highest: 'admin' })
export class LeastPrivilegeController {
  constructor(
    private readonly database: Database,
    private readonly finder: KeyFinder,
    private readonly leastPrivilege: LeastPrivilege,
  ) {}

  @Get(':id/least-privilege')
  @Requires('read', { orSelf: 'id' })
  @ApiOperation({
    operationId: 'getKeyLeastPrivilege',
    summary: 'Get what a key has used of what it may do, and the smallest role that would have served',
    description:
      'From the log: every level by which a request of the key was let in. Roles of the organization’s own are named to whoever may read roles.',
  })
  @ApiAnswer(LeastPrivilegeResponse, { description: 'Used and unused levels, and what they suggest.' })
  @ApiErrors()
  async get(
    @IdParam('key') id: string,
    @Context() { authenticated }: RequestContext,
  ): Promise<LeastPrivilegeResponse> {
    const tx = this.database.manager;
    const key = await this.finder.get(tx, authenticated, id);
    const namesRoles = reaches(authenticated.effective('settings.roles').level, 'read');
    return this.leastPrivilege.of(tx, key, { namesRoles });
  }
}
