import { Module } from '@nestjs/common';
import { Admission } from './admission.js';
import { PlansService } from './plans.service.js';

/** The plan catalogue and strict admission. */
@Module({ providers: [Admission, PlansService], exports: [Admission, PlansService] })
export class PlansModule {}
