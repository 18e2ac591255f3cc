import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { Jobs, type JobTask } from '../../platform/jobs/index.js';
import { type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { RunJobs } from '../runs/run-jobs.js';
import { scheduleClock, setNextAlarm } from '../schedules/schedule-clock.js';
import { type ExportConfigurationView, viewOf } from './dto/export-view.js';
import { ExportConfiguration } from './export-configuration.entity.js';
import { orderOf } from './export-order.js';

/** The export configurations of every store, and the clock that has them run. */
@Injectable()
export class ExportRecords implements OnModuleInit {
  readonly all: StoreCollection<ExportConfiguration, ExportConfigurationView>;
  readonly clock: JobTask;

  constructor(
    records: StoreRecords,
    database: Database,
    runs: RunJobs,
    private readonly jobs: Jobs,
  ) {
    this.all = records.of<ExportConfiguration, ExportConfigurationView>({
      entity: ExportConfiguration,
      name: 'exportConfiguration',
      plural: 'export-configurations',
      view: viewOf,
      saved: (tx, after, before) => setNextAlarm(tx, jobs, this.clock, after, before),
    });
    this.clock = scheduleClock(database, {
      name: 'analytics-exports.keep-time',
      table: 'analytics_exports',
      all: this.all,
      order: (tx, store, configuration, dueAt) =>
        runs.orderDue(tx, store, { exportId: configuration.id }, dueAt, orderOf(configuration, dueAt)),
    });
  }

  onModuleInit(): void {
    this.jobs.register(this.clock);
  }
}
