export { insertDemoCampaigns } from './campaigns/demo-campaigns.js';
export { ContentModule } from './content.module.js';
export { PublicPages } from './landing-pages/public/public-pages.js';
export { MediaModule } from './media/media.module.js';
