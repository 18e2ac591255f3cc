import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Requires, Resource, Store, StoreController, type StoreScope } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { DashboardQuery, RankingQuery } from './dto/metrics-query.js';
import { DashboardView, RankingView } from './dto/metrics-view.js';
import { MetricsService } from './metrics.service.js';

@ApiGroup('Analytics', 'Analytics: the figures of a store.')
@StoreController('analytics')
@Resource('analytics.metrics', { label: 'Metrics', highest: 'read' })
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    operationId: 'getAnalytics',
    summary: 'Get the dashboard: totals and a series, and groups where asked for',
    description:
      'Every event that has been answered is in it. Days, weeks and months are those of `timezone`, also where its ' +
      'clocks change.',
  })
  @ApiAnswer(DashboardView, { description: 'The figures.' })
  @ApiErrors()
  dashboard(@Store() store: StoreScope, @Query() query: DashboardQuery): Promise<DashboardView> {
    return this.metrics.dashboard(store, query);
  }

  @Get('campaigns')
  @Requires('read')
  @ApiOperation({ operationId: 'getCampaignAnalytics', summary: 'Compare campaigns' })
  @ApiAnswer(RankingView, { description: 'The campaigns in which anything happened, the best first.' })
  @ApiErrors()
  campaigns(@Store() store: StoreScope, @Query() query: RankingQuery): Promise<RankingView> {
    return this.metrics.ranking(store, 'campaign', query);
  }

  @Get('audiences')
  @Requires('read')
  @ApiOperation({ operationId: 'getAudienceAnalytics', summary: 'Compare audiences' })
  @ApiAnswer(RankingView, { description: 'The audiences with which anything happened, the best first.' })
  @ApiErrors()
  audiences(@Store() store: StoreScope, @Query() query: RankingQuery): Promise<RankingView> {
    return this.metrics.ranking(store, 'audience', query);
  }

  @Get('posts')
  @Requires('read')
  @ApiOperation({ operationId: 'getPostAnalytics', summary: 'Compare posts' })
  @ApiAnswer(RankingView, { description: 'The posts about which anything happened, the best first.' })
  @ApiErrors()
  posts(@Store() store: StoreScope, @Query() query: RankingQuery): Promise<RankingView> {
    return this.metrics.ranking(store, 'post', query);
  }
}
