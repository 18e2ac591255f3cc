import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Database } from '../../platform/database/index.js';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup, ApiPage } from '../../platform/http/openapi/index.js';
import { AUDIT_LOGS } from '../resource.js';
import type { LogPage } from '../search/log-page.js';
import { isOperator } from '../search/log-reader.js';
import { ListCheckpointsQuery } from './checkpoint.query.js';
import { CheckpointResponse } from './checkpoint.response.js';
import { Checkpoints } from './checkpoints.js';
import { presentSigningKey, SigningKeysResponse } from './signing-key.response.js';
import { signingKeys } from './stored-keys.js';

/** What anchors the logs: checkpoints, and the keys that sign. */
@ApiGroup('Audit')
@Controller('audit')
@OrganizationWide()
@Resource(AUDIT_LOGS.name, AUDIT_LOGS)
export class CheckpointsController {
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly database: Database,
  ) {}

  @Get('checkpoints')
  @Requires('read')
  @ApiOperation({
    operationId: 'listCheckpoints',
    summary: 'List the checkpoints of the logs',
    description:
      'The newest first. A checkpoint signs the root of the log tree, over all logs of the installation. Keep some elsewhere: whoever has one can tell later whether what it covers was rewritten.',
  })
  @ApiPage(CheckpointResponse, 'A page of checkpoints.')
  @ApiErrors()
  list(
    @Query() query: ListCheckpointsQuery,
    @Context() context: RequestContext,
  ): Promise<LogPage<CheckpointResponse>> {
    return this.checkpoints.page(query, isOperator(context.authenticated));
  }

  @Get('signing-keys')
  @Requires('read')
  @ApiOperation({
    operationId: 'listSigningKeys',
    summary: 'List the public keys that sign the logs',
    description:
      'The newest first, each endorsed by the one before it: whoever trusts one can follow to the newer ones.',
  })
  @ApiAnswer(SigningKeysResponse, { description: 'The keys.' })
  @ApiErrors()
  async listKeys(): Promise<SigningKeysResponse> {
    return { data: (await signingKeys(this.database)).map(presentSigningKey) };
  }
}
