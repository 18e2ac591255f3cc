export { AnalyticsModule } from './analytics.module.js';
export { RollupKeeper } from './rollups/rollup-keeper.js';
export { ArtefactStorage } from './runs/artefact-storage.js';
