export { AnalyticsModule } from './analytics.module.js';
export { insertDemoAnalytics } from './demo/insert-demo-analytics.js';
export { PublicSnippet } from './snippet/public-snippet.js';
export { RollupKeeper } from './rollups/rollup-keeper.js';
export { ArtefactStorage } from './runs/artefact-storage.js';
