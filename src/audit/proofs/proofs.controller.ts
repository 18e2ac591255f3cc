import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Context, OrganizationWide, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import type { Proof } from '../evidence/proof.js';
import { AUDIT_LOGS } from '../resource.js';
import { maySee } from '../search/log-reader.js';
import { ChangeProofQuery, RequestProofQuery } from './proof.query.js';
import { ProofResponse } from './proof.response.js';
import { Prover } from './prover.js';

const DESCRIPTION =
  'Checked offline with public keys alone, by `tools/verify-audit.mjs`. `state` says how far it goes: a row has its checkpoint some seconds after its answer. A row that was purged has none.';

/** Proofs of single rows, for whoever has nothing but the public keys. */
@ApiGroup('Audit')
@Controller('audit')
@OrganizationWide()
@Resource(AUDIT_LOGS.name, AUDIT_LOGS)
export class ProofsController {
  constructor(private readonly prover: Prover) {}

  @Get('requests/:id/proof')
  @Requires('read')
  @ApiOperation({
    operationId: 'proveRequest',
    summary: 'Prove that a request is in the log',
    description: DESCRIPTION,
  })
  @ApiAnswer(ProofResponse, { description: 'The proof.' })
  @ApiErrors('conflict')
  proveRequest(
    @IdParam('request') id: string,
    @Query() query: RequestProofQuery,
    @Context() context: RequestContext,
  ): Promise<Proof> {
    return this.prover.proveRequest(id, (row) => maySee(context.authenticated, row), query);
  }

  @Get('changes/:id/proof')
  @Requires('read')
  @ApiOperation({
    operationId: 'proveChange',
    summary: 'Prove that a change is in the log',
    description: DESCRIPTION,
  })
  @ApiAnswer(ProofResponse, { description: 'The proof.' })
  @ApiErrors('conflict')
  proveChange(
    @IdParam('change') id: string,
    @Query() query: ChangeProofQuery,
    @Context() context: RequestContext,
  ): Promise<Proof> {
    return this.prover.proveChange(id, (row) => maySee(context.authenticated, row), query);
  }
}
