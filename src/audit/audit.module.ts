import { Module } from '@nestjs/common';
import { ListsModule } from '../platform/http/lists/index.js';
import { SigningKeys } from './evidence/signing-keys.js';
import { KeyUsageSweep } from './key-usage.js';
import { AuditLeader } from './leader/audit-leader.js';
import { LeaderMetrics } from './leader/leader-metrics.js';
import { CheckpointPublisher } from './leader/publishing/publisher.js';
import { PartitionKeeper } from './partition-keeper.js';
import { RequestLog } from './request-log.js';
import { Eraser } from './retention/erasure/eraser.js';
import { ErasuresController } from './retention/erasure/erasures.controller.js';
import { ErasuresService } from './retention/erasure/erasures.service.js';
import { PurgeJob } from './retention/purge-job.js';
import { Purger } from './retention/purger.js';

/** The two logs: who asked for what, and who changed what. Imports no other feature. */
@Module({
  imports: [ListsModule],
  controllers: [ErasuresController],
  providers: [
    AuditLeader,
    CheckpointPublisher,
    Eraser,
    ErasuresService,
    KeyUsageSweep,
    LeaderMetrics,
    PartitionKeeper,
    PurgeJob,
    Purger,
    RequestLog,
    SigningKeys,
  ],
  exports: [AuditLeader, Eraser, ErasuresService, PartitionKeeper, Purger, RequestLog, SigningKeys],
})
export class AuditModule {}
