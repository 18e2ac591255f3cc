import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  Context,
  OrganizationWide,
  RequestContext,
  Requires,
  Resource,
} from '../../../platform/http/index.js';
import type { Page } from '../../../platform/http/lists/index.js';
import { ApiAnswer, ApiErrors, ApiGroup, ApiPage } from '../../../platform/http/openapi/index.js';
import { BusinessTransactions } from '../../../platform/writes/index.js';
import { ErasureInput, ErasureResponse, ListErasuresQuery } from './dto.js';
import { Eraser } from './eraser.js';
import { ErasuresService } from './erasures.service.js';
import { presentErasure } from './present-erasure.js';

/**
 * Personal data out of the logs. Not of the logs' own resource, which is there to be read: whoever reads the logs
 * must not be able to take anything out of them. It binds the organization, as its settings do.
 */
@ApiGroup('Erasures', 'Personal data that was taken out of the logs.')
@Controller('audit/erasures')
@OrganizationWide()
@Resource('settings.organization', { label: 'Organization', highest: 'admin' })
export class ErasuresController {
  constructor(
    private readonly transactions: BusinessTransactions,
    private readonly erasures: ErasuresService,
    private readonly eraser: Eraser,
  ) {}

  @Post()
  @Requires('admin')
  @ApiOperation({
    operationId: 'createErasure',
    summary: 'Erase personal data from the logs',
    description:
      'Of your organization’s rows, in the background: address, user agent, query, the key’s name and the caller’s ' +
      'request id; of a member also what its changes say. What proves the rows stands. Held rows are left and counted.',
  })
  @ApiAnswer(ErasureResponse, {
    status: 201,
    description: 'The erasure, which is under way.',
    idempotent: true,
  })
  @ApiErrors('body', 'idempotent')
  create(@Body() body: ErasureInput, @Context() context: RequestContext): Promise<ErasureResponse> {
    const by = { actor: context.actor, organizationId: context.authenticated.organizationId };
    return this.transactions.run(
      context,
      async (tx) => {
        const erasure = await this.erasures.create(tx, body, by);
        await this.eraser.enqueue(tx, { id: erasure.id, ip: body.ip });
        return presentErasure(erasure);
      },
      { reason: body.reason },
    );
  }

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listErasures', summary: 'List the erasures of your organization' })
  @ApiPage(ErasureResponse, 'A page of erasures: who asked for them, why, and how much it was.')
  @ApiErrors()
  list(
    @Query() query: ListErasuresQuery,
    @Context() context: RequestContext,
  ): Promise<Page<ErasureResponse>> {
    return this.erasures.list(query, context.authenticated.organizationId);
  }
}
