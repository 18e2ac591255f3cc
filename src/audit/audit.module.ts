import { Module } from '@nestjs/common';
import { KeyUsageSweep } from './key-usage.js';
import { PartitionKeeper } from './partition-keeper.js';
import { RequestLog } from './request-log.js';

/** The two logs: who asked for what, and who changed what. Imports no other feature. */
@Module({ providers: [KeyUsageSweep, PartitionKeeper, RequestLog], exports: [PartitionKeeper, RequestLog] })
export class AuditModule {}
