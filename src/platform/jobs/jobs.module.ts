import { type DynamicModule, Module } from '@nestjs/common';
import { JobWorker } from './job-worker.js';
import { JOBS_OPTIONS, type JobsOptions } from './jobs-options.js';
import { Jobs } from './jobs.js';
import { ReplySweep } from './reply-sweep.js';

/** Jobs for every module. A feature registers its tasks with `Jobs` in `onModuleInit`. */
@Module({})
export class JobsModule {
  static with(options: JobsOptions): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      providers: [{ provide: JOBS_OPTIONS, useValue: options }, Jobs, JobWorker, ReplySweep],
      exports: [Jobs],
    };
  }
}
