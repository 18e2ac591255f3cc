export * from './audit.module.js';
export * from './audit-modules.js';
export * from './changes-of.js';
export * from './key-activity.js';
export { AuditLeader } from './leader/audit-leader.js';
export { levelUses, type LevelUse, usageToday, type KeyUsageToday } from './key-usage.js';
export * from './partition-keeper.js';
export { ListCheckpointsQuery } from './proofs/checkpoint.query.js';
export { Checkpoints } from './proofs/checkpoints.js';
export { presentSigningKey } from './proofs/signing-key.response.js';
export { signingKeys } from './proofs/stored-keys.js';
export * from './request-log.js';
export * from './resource.js';
export { ErasureInput, type ErasureResponse, ListErasuresQuery } from './retention/erasure/dto.js';
export * from './retention/erasure/eraser.js';
export * from './retention/erasure/erasures.service.js';
export * from './retention/erasure/present-erasure.js';
export * from './retention/purger.js';
export { type Hold, RetentionHold, takeTurnWithPurges } from './retention/retention-hold.js';
export * from './tail/standing.js';
export * from './usage-series.js';
export type { CheckpointLine } from './verify/anchor-check.js';
export { bundleLines, rowsAbout } from './verify/bundle.js';
export type { Finding, VerifyReport } from './verify/findings.js';
export { linesOf } from './verify/line-reader.js';
export { type VerifyOptions, verifyLines } from './verify/verifier.js';
export { ChangeSearch } from './search/change-search.js';
export { ChangeSearchQuery } from './search/change-search.query.js';
export type { ChangeResponse } from './search/change.response.js';
export { Histogram } from './search/histogram.js';
export { TimelineQuery } from './search/key-log.query.js';
export type { LogPagination } from './search/log-page.js';
export type { LogScope } from './search/log-reader.js';
export { RequestFilter } from './search/request-filter.js';
export { RequestSearch } from './search/request-search.js';
export { RequestSearchQuery } from './search/request-search.query.js';
export {
  type LoggedRequestDetailResponse,
  type LoggedRequestResponse,
  presentRequest,
} from './search/request.response.js';
export { Timeline } from './search/timeline.js';
export { TailQuery } from './tail/tail.query.js';
export { Tails } from './tail/tails.js';
export { AuditViews } from './views/audit-views.service.js';
