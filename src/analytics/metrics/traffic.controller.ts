import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Requires, Resource, Store, StoreController, type StoreScope } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { RankingQuery } from './dto/metrics-query.js';
import { TrafficView } from './dto/metrics-view.js';
import { MetricsService } from './metrics.service.js';

@ApiGroup('Analytics')
@StoreController('analytics/traffic')
@Resource('analytics.traffic', { label: 'Traffic', highest: 'read' })
export class TrafficController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'getTraffic', summary: 'Get where visitors come from, and where they are' })
  @ApiAnswer(TrafficView, { description: 'Channels, sources and pages, the best first.' })
  @ApiErrors()
  traffic(@Store() store: StoreScope, @Query() query: RankingQuery): Promise<TrafficView> {
    return this.metrics.traffic(store, query);
  }
}
