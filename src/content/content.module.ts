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
import { Brand } from './brand/brand.entity.js';
import { BrandController } from './brand/brand.controller.js';
import { Brands } from './brand/brands.js';
import { CopyGeneration } from './copy/copy-generation.js';
import { CopyController } from './copy/copy.controller.js';
import { ContentNames } from './content-names.js';
import { Copy } from './copy/copy.entity.js';
import { CopyService } from './copy/copy.service.js';
import { BuiltInProvider } from './generation/built-in/built-in-provider.js';
import { OpenAiProvider } from './generation/open-ai/open-ai-provider.js';
import { GenerationProviders } from './generation/providers.js';
import { Subjects } from './generation/subjects.js';
import { ImageSet } from './images/image-set.entity.js';
import { ImagesGeneration } from './images/images-generation.js';
import { ImagesController } from './images/images.controller.js';
import { ImagesService } from './images/images.service.js';
import { MediaModule } from './media/media.module.js';
import { FeedSource } from './feeds/feed-source.js';
import { CAMPAIGN_EVENT_TYPES } from './campaigns/campaign-event-types.js';
import { CampaignRecords } from './campaigns/campaign-records.js';
import { Campaign } from './campaigns/campaign.entity.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { CampaignsService } from './campaigns/campaigns.service.js';
import { LandingPage } from './landing-pages/landing-page.entity.js';
import { LandingPagesController } from './landing-pages/landing-pages.controller.js';
import { LandingPagesService } from './landing-pages/landing-pages.service.js';
import { MeasuredStores } from './landing-pages/public/measured-stores.js';
import { PublicPages } from './landing-pages/public/public-pages.js';
import { ContentPlan } from './plans/content-plan.entity.js';
import { ContentPlansController } from './plans/content-plans.controller.js';
import { ContentPlansService } from './plans/content-plans.service.js';
import { PlanPreviewController } from './plans/plan-preview.controller.js';
import { PostsBatch } from './posts/batch/posts-batch.js';
import { PostsBatchController } from './posts/batch/posts-batch.controller.js';
import { PostsImport } from './posts/batch/posts-import.js';
import { PublicFeeds } from './posts/feeds/public-feeds.js';
import { POST_EVENT_TYPES } from './posts/post-event-types.js';
import { PostRecords } from './posts/post-records.js';
import { Post } from './posts/post.entity.js';
import { PostsController } from './posts/posts.controller.js';
import { PostsService } from './posts/posts.service.js';
import { Connectors } from './posts/publishing/connectors.js';
import { FeedConnector } from './posts/publishing/feed-connector.js';
import { PostPublisher } from './posts/publishing/post-publisher.js';
import { PostPublishing } from './posts/publishing/post-publishing.js';
import { ProductsImport } from './products/import/products-import.js';
import { Product } from './products/product.entity.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsService } from './products/products.service.js';
import { SocialAccount } from './social-accounts/social-account.entity.js';
import { SocialAccountsController } from './social-accounts/social-accounts.controller.js';
import { SocialAccountsService } from './social-accounts/social-accounts.service.js';
import { WebhookConnector } from './social-accounts/webhook-connector.js';

/** What a sandbox loses that is reset, in this order. */
const CONTENTS: readonly { name: string; entity: new () => StoreRow }[] = [
  { name: 'audiences', entity: Audience },
  { name: 'customers', entity: Customer },
  { name: 'contentPlans', entity: ContentPlan },
  { name: 'posts', entity: Post },
  { name: 'campaigns', entity: Campaign },
  { name: 'landingPages', entity: LandingPage },
  { name: 'products', entity: Product },
  { name: 'socialAccounts', entity: SocialAccount },
  { name: 'copy', entity: Copy },
  { name: 'images', entity: ImageSet },
  { name: 'brands', entity: Brand },
];

/** What a store publishes. */
@Module({
  imports: [MediaModule, RecordsModule, StoreJobsModule, TenantsModule],
  controllers: [
    AudienceMembersController,
    AudiencesController,
    BrandController,
    CampaignsController,
    CopyController,
    ImagesController,
    LandingPagesController,
    ContentPlansController,
    PlanPreviewController,
    PostsBatchController,
    PostsController,
    ProductsController,
    SocialAccountsController,
  ],
  providers: [
    AudiencesService,
    Brands,
    BuiltInProvider,
    CampaignRecords,
    CampaignsService,
    AudienceMembersImport,
    AudienceMembersService,
    ContentPlansService,
    LandingPagesService,
    MeasuredStores,
    Connectors,
    ContentNames,
    CopyGeneration,
    CopyService,
    FeedConnector,
    FeedSource,
    GenerationProviders,
    ImagesGeneration,
    ImagesService,
    OpenAiProvider,
    PostPublisher,
    PostPublishing,
    PostRecords,
    PostsBatch,
    PostsImport,
    PostsService,
    ProductsImport,
    ProductsService,
    PublicFeeds,
    PublicPages,
    SocialAccountsService,
    Subjects,
    WebhookConnector,
  ],
  exports: [Connectors, ContentNames, GenerationProviders, MeasuredStores],
})
export class ContentModule {
  constructor(catalogue: EventCatalogue, contents: StoreContents) {
    catalogue.register(CAMPAIGN_EVENT_TYPES);
    catalogue.register(POST_EVENT_TYPES);
    for (const { name, entity } of CONTENTS) {
      contents.register({
        name,
        clear: async (tx, storeId) => (await tx.delete(entity, { storeId })).affected ?? 0,
      });
    }
  }
}
