import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Context, Free, RequestContext, Requires, Resource } from '../../platform/http/index.js';
import { IdParam } from '../../platform/http/input/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { UsageRangeQuery } from './usage.query.js';
import { usageReaderOf } from './usage-reader.js';
import { KeyUsageResponse } from './usage.response.js';
import { UsageService } from './usage.service.js';

/** What one key uses. */
@ApiGroup('Usage')
@Controller('keys')
@Resource('settings.keys', { label: 'Keys', highest: 'admin' })
export class KeyUsageController {
  constructor(private readonly usage: UsageService) {}

  @Get(':id/usage')
  @Free()
  @Requires('read', { orSelf: 'id' })
  @ApiOperation({
    operationId: 'getKeyUsage',
    summary: 'Get what a key uses: its windows, and its use by hour or day',
    description:
      'Costs no quota, and may be polled. A deleted key’s use can be read as long as the logs are kept: 400 days, unless set otherwise.',
  })
  @ApiAnswer(KeyUsageResponse, { description: 'The key’s windows as they are now, and its use in a range.' })
  @ApiErrors()
  get(
    @IdParam('key') id: string,
    @Query() query: UsageRangeQuery,
    @Context() context: RequestContext,
  ): Promise<KeyUsageResponse> {
    return this.usage.ofKey(query, usageReaderOf(context.authenticated), id);
  }
}
