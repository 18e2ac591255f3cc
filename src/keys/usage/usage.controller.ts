import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Context, Free, RequestContext, Requires } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { UsageQuery } from './usage.query.js';
import { usageReaderOf } from './usage-reader.js';
import { UsageResponse } from './usage.response.js';
import { UsageService } from './usage.service.js';

/** What is used of the quota. */
@ApiGroup('Usage', 'What is used of a quota, when, and by whom.')
@Controller('usage')
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  @Get()
  @Requires('none')
  @Free()
  @ApiOperation({
    operationId: 'getUsage',
    summary: 'Get what is used of the quota: windows, and use by hour or day, store and key',
    description:
      'For members and live keys of the organization, all live stores together; for a test key of its sandbox. Costs no quota, and may be polled. Every figure comes from a request that was logged. Windows count what was admitted, the series what was answered: they differ by the requests on their way.',
  })
  @ApiAnswer(UsageResponse, { description: 'The quota as it is now, and the use in a range.' })
  @ApiErrors()
  get(@Query() query: UsageQuery, @Context() context: RequestContext): Promise<UsageResponse> {
    return this.usage.of(query, usageReaderOf(context.authenticated));
  }
}
