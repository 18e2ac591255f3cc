import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Requires, Resource, Store, StoreController, type StoreScope } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { FunnelQuery } from './dto/funnel-query.js';
import { FunnelView } from './dto/funnel-view.js';
import { FunnelsService } from './funnels.service.js';

@ApiGroup('Analytics')
@StoreController('analytics/funnels')
@Resource('analytics.funnels', { label: 'Funnels', highest: 'read' })
export class FunnelsController {
  constructor(private readonly funnels: FunnelsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    operationId: 'getFunnel',
    summary: 'Get how far visitors come, and where they are lost',
    description:
      'Visitors who take the first step within the time, and how many of them take the others after it, in their order ' +
      'and within the window, whatever else they do in between. Events without a visitor are in no funnel.',
  })
  @ApiAnswer(FunnelView, { description: 'The steps, with how many came to each.' })
  @ApiErrors()
  funnel(@Store() store: StoreScope, @Query() query: FunnelQuery): Promise<FunnelView> {
    return this.funnels.funnel(store, query);
  }
}
