import { Module } from '@nestjs/common';
import { ListsModule } from '../../platform/http/lists/index.js';
import { VerificationJob } from './verification-job.js';
import { VerificationProgress } from './verification-progress.js';
import { VerificationSweep } from './verification-sweep.js';
import { VerificationsController } from './verifications.controller.js';
import { VerificationsService } from './verifications.service.js';

/** Verifications of the logs. */
@Module({
  imports: [ListsModule],
  controllers: [VerificationsController],
  providers: [VerificationJob, VerificationProgress, VerificationSweep, VerificationsService],
  exports: [VerificationsService],
})
export class VerificationsModule {}
