export * from './audit.module.js';
export * from './audit-modules.js';
export * from './changes-of.js';
export * from './key-activity.js';
export { levelUses, type LevelUse, USE_KEPT_DAYS, usageToday, type KeyUsageToday } from './key-usage.js';
export * from './partition-keeper.js';
export * from './request-log.js';
export * from './resource.js';
export * from './usage-series.js';
