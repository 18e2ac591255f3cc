import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { CAMPAIGN_EVENT_TYPES } from './campaigns/campaign-event-types.js';
import { ListsModule } from '../platform/http/lists/index.js';
import { TenantsModule } from '../tenants/index.js';
import { CampaignContents } from './campaigns/campaign-contents.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CampaignsService } from './campaigns/campaigns.service.js';

/** What a store publishes. */
@Module({
  imports: [ListsModule, TenantsModule],
  controllers: [CampaignsController],
  providers: [CampaignContents, CampaignsService],
})
export class ContentModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(CAMPAIGN_EVENT_TYPES);
  }
}
