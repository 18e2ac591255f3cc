import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { withEtag } from '../../platform/http/etag.js';
import {
  Context,
  OrganizationWide,
  Pollable,
  RequestContext,
  Requires,
  Resource,
  setLocation,
} from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import {
  ApiAnswer,
  ApiConditionalGet,
  ApiErrors,
  ApiGroup,
  ApiPage,
} from '../../platform/http/openapi/index.js';
import { AUDIT_LOGS } from '../resource.js';
import { CreateAuditVerificationInput, ListAuditVerificationsQuery } from './verification.input.js';
import { AuditVerificationResponse } from './verification.response.js';
import { VerificationsService } from './verifications.service.js';

/** Verifications of the logs, by the server itself. */
@ApiGroup('Audit')
@Controller('audit/verifications')
@OrganizationWide()
@Resource(AUDIT_LOGS.name, AUDIT_LOGS)
export class VerificationsController {
  constructor(private readonly verifications: VerificationsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listAuditVerifications', summary: 'List the verifications' })
  @ApiPage(AuditVerificationResponse, 'A page of verifications, the newest first.')
  @ApiErrors()
  list(
    @Query() query: ListAuditVerificationsQuery,
    @Context() context: RequestContext,
  ): Promise<Page<AuditVerificationResponse>> {
    return this.verifications.list(context.authenticated, query);
  }

  @Post()
  @HttpCode(202)
  @Requires('read')
  @ApiOperation({
    operationId: 'createAuditVerification',
    summary: 'Verify the logs',
    description:
      'Done in the background; look at it until its status is `done`. Both logs of the installation are verified: every row in the range is hashed anew, and all headers, checkpoints and records of purges are checked. One of an organization is under way at a time (409). Whoever does not want to believe the server verifies a bundle elsewhere: `gatehouse audit bundle`, `tools/verify-audit.mjs`.',
  })
  @ApiAnswer(AuditVerificationResponse, {
    status: 202,
    description: 'The verification, which is queued.',
    etag: true,
    location: true,
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent', 'conflict')
  async create(
    @Body() body: CreateAuditVerificationInput,
    @Context() context: RequestContext,
  ): Promise<AuditVerificationResponse> {
    const created = await this.verifications.create(context, body);
    setLocation(context, created.id);
    return withEtag(context, created);
  }

  @Get(':id')
  @Requires('read')
  @Pollable()
  @ApiOperation({
    operationId: 'getAuditVerification',
    summary: 'Get a verification: how far it is, and what it found',
    description: 'The polling interval does not apply.',
  })
  @ApiAnswer(AuditVerificationResponse, { description: 'The verification.', etag: true })
  @ApiConditionalGet()
  @ApiErrors()
  async get(
    @IdParam('auditVerification') id: string,
    @Context() context: RequestContext,
  ): Promise<AuditVerificationResponse> {
    return withEtag(context, await this.verifications.get(context.authenticated, id));
  }
}
