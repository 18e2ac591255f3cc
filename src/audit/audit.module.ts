import { Module } from '@nestjs/common';
import { SigningKeys } from './evidence/signing-keys.js';
import { KeyUsageSweep } from './key-usage.js';
import { PartitionKeeper } from './partition-keeper.js';
import { RequestLog } from './request-log.js';
import { PurgeJob } from './retention/purge-job.js';
import { Purger } from './retention/purger.js';

/** The two logs: who asked for what, and who changed what. Imports no other feature. */
@Module({
  providers: [KeyUsageSweep, PartitionKeeper, PurgeJob, Purger, RequestLog, SigningKeys],
  exports: [PartitionKeeper, Purger, RequestLog, SigningKeys],
})
export class AuditModule {}
