export * from './audit.module.js';
export * from './changes-of.js';
export * from './key-activity.js';
export { AuditLeader } from './leader/audit-leader.js';
export { levelUses, type LevelUse, USE_KEPT_DAYS, usageToday, type KeyUsageToday } from './key-usage.js';
export * from './partition-keeper.js';
export * from './request-log.js';
export * from './resource.js';
export * from './usage-series.js';
