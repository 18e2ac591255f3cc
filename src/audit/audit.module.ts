import { Module } from '@nestjs/common';
import { SigningKeys } from './evidence/signing-keys.js';
import { KeyUsageSweep } from './key-usage.js';
import { AuditLeader } from './leader/audit-leader.js';
import { LeaderMetrics } from './leader/leader-metrics.js';
import { CheckpointPublisher } from './leader/publishing/publisher.js';
import { PartitionKeeper } from './partition-keeper.js';
import { RequestLog } from './request-log.js';

/** The two logs: who asked for what, and who changed what. Imports no other feature. */
@Module({
  providers: [
    AuditLeader,
    CheckpointPublisher,
    KeyUsageSweep,
    LeaderMetrics,
    PartitionKeeper,
    RequestLog,
    SigningKeys,
  ],
  exports: [AuditLeader, PartitionKeeper, RequestLog, SigningKeys],
})
export class AuditModule {}
