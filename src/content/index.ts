export { insertDemoCampaigns } from './campaigns/demo-campaigns.js';
export { ContentModule } from './content.module.js';
