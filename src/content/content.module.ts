import { Module } from '@nestjs/common';
import { ListsModule } from '../platform/http/lists/index.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CampaignsService } from './campaigns/campaigns.service.js';

/** What a store publishes. */
@Module({
  imports: [ListsModule],
  controllers: [CampaignsController],
  providers: [CampaignsService],
})
export class ContentModule {}
