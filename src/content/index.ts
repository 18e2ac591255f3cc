export { insertDemoCampaigns } from './campaigns/demo-campaigns.js';
export { ContentModule } from './content.module.js';
export { CONTENT_MODULES } from './content-modules.js';
