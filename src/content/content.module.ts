import { Module } from '@nestjs/common';
import { EventCatalogue } from '../platform/events/index.js';
import { CAMPAIGN_EVENT_TYPES } from './campaigns/campaign-event-types.js';
import { RecordsModule } from '../platform/records/index.js';
import { TenantsModule } from '../tenants/index.js';
import { CampaignContents } from './campaigns/campaign-contents.js';
import { CampaignRecords } from './campaigns/campaign-records.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CampaignsService } from './campaigns/campaigns.service.js';

/** What a store publishes. */
@Module({
  imports: [RecordsModule, TenantsModule],
  controllers: [CampaignsController],
  providers: [CampaignContents, CampaignRecords, CampaignsService],
})
export class ContentModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(CAMPAIGN_EVENT_TYPES);
  }
}
