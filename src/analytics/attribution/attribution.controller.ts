import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Requires, Resource, Store, StoreController, type StoreScope } from '../../platform/http/index.js';
import { ApiAnswer, ApiErrors, ApiGroup } from '../../platform/http/openapi/index.js';
import { AttributionService } from './attribution.service.js';
import { AttributionQuery } from './dto/attribution-query.js';
import { AttributionView } from './dto/attribution-view.js';

@ApiGroup('Analytics')
@StoreController('analytics/attribution')
@Resource('analytics.attribution', { label: 'Attribution', highest: 'read' })
export class AttributionController {
  constructor(private readonly attributions: AttributionService) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    operationId: 'getAttribution',
    summary: 'Get what leads to conversions, by five models',
    description:
      'What counts are the visits and clicks of the same visitor before a conversion that name a channel, a source or a ' +
      'campaign; one of the same within half an hour of the one before is the same touch.',
  })
  @ApiAnswer(AttributionView, { description: 'The credit of each, by each model.' })
  @ApiErrors()
  attribution(@Store() store: StoreScope, @Query() query: AttributionQuery): Promise<AttributionView> {
    return this.attributions.attribution(store, query);
  }
}
