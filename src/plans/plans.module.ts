import { Module } from '@nestjs/common';
import { Admission } from './admission.js';
import { PlansController } from './plans.controller.js';
import { PollingSweep } from './polling-sweep.js';
import { PlansService } from './plans.service.js';

/** The plan catalogue and strict admission. */
@Module({
  controllers: [PlansController],
  providers: [Admission, PlansService, PollingSweep],
  exports: [Admission, PlansService],
})
export class PlansModule {}
