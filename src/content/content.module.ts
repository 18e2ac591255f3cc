import { Module } from '@nestjs/common';
import { StoreJobsModule } from '../jobs/index.js';
import { EventCatalogue } from '../platform/events/index.js';
import { RecordsModule, type StoreRow } from '../platform/records/index.js';
import { StoreContents, TenantsModule } from '../tenants/index.js';
import { Audience } from './audiences/audience.entity.js';
import { AudiencesController } from './audiences/audiences.controller.js';
import { AudiencesService } from './audiences/audiences.service.js';
import { Customer } from './audiences/members/customer.entity.js';
import { AudienceMembersController } from './audiences/members/audience-members.controller.js';
import { AudienceMembersImport } from './audiences/members/audience-members-import.js';
import { AudienceMembersService } from './audiences/members/audience-members.service.js';
import { CAMPAIGN_EVENT_TYPES } from './campaigns/campaign-event-types.js';
import { CampaignRecords } from './campaigns/campaign-records.js';
import { Campaign } from './campaigns/campaign.entity.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CampaignsService } from './campaigns/campaigns.service.js';
import { LandingPage } from './landing-pages/landing-page.entity.js';
import { LandingPagesController } from './landing-pages/landing-pages.controller.js';
import { LandingPagesService } from './landing-pages/landing-pages.service.js';
import { PublicPages } from './landing-pages/public/public-pages.js';
import { ProductsImport } from './products/import/products-import.js';
import { Product } from './products/product.entity.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsService } from './products/products.service.js';

/** What a sandbox loses that is reset, in this order. */
const CONTENTS: readonly { name: string; entity: new () => StoreRow }[] = [
  { name: 'audiences', entity: Audience },
  { name: 'customers', entity: Customer },
  { name: 'campaigns', entity: Campaign },
  { name: 'landingPages', entity: LandingPage },
  { name: 'products', entity: Product },
];

/** What a store publishes. */
@Module({
  imports: [RecordsModule, StoreJobsModule, TenantsModule],
  controllers: [
    AudienceMembersController,
    AudiencesController,
    CampaignsController,
    LandingPagesController,
    ProductsController,
  ],
  providers: [
    AudiencesService,
    CampaignRecords,
    CampaignsService,
    AudienceMembersImport,
    AudienceMembersService,
    LandingPagesService,
    ProductsImport,
    ProductsService,
    PublicPages,
  ],
})
export class ContentModule {
  constructor(catalogue: EventCatalogue, contents: StoreContents) {
    catalogue.register(CAMPAIGN_EVENT_TYPES);
    for (const { name, entity } of CONTENTS) {
      contents.register({
        name,
        clear: async (tx, storeId) => (await tx.delete(entity, { storeId })).affected ?? 0,
      });
    }
  }
}
