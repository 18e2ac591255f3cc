import { Module } from '@nestjs/common';
import { ListsModule } from '../platform/http/lists/index.js';
import { SigningKeys } from './evidence/signing-keys.js';
import { KeyUsageSweep } from './key-usage.js';
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
    Eraser,
    ErasuresService,
    KeyUsageSweep,
    PartitionKeeper,
    PurgeJob,
    Purger,
    RequestLog,
    SigningKeys,
  ],
  exports: [Eraser, ErasuresService, PartitionKeeper, Purger, RequestLog, SigningKeys],
})
export class AuditModule {}
