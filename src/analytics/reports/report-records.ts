import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { Jobs, type JobTask } from '../../platform/jobs/index.js';
import { type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { RunJobs } from '../runs/run-jobs.js';
import { scheduleClock, setNextAlarm } from '../schedules/schedule-clock.js';
import { type ReportView, viewOf } from './dto/report-view.js';
import { orderOf } from './report-maker.js';
import { Report } from './report.entity.js';

/** The reports of every store, and the clock that has them made. */
@Injectable()
export class ReportRecords implements OnModuleInit {
  readonly all: StoreCollection<Report, ReportView>;
  readonly clock: JobTask;

  constructor(
    records: StoreRecords,
    database: Database,
    runs: RunJobs,
    private readonly jobs: Jobs,
  ) {
    this.all = records.of<Report, ReportView>({
      entity: Report,
      name: 'report',
      plural: 'reports',
      view: viewOf,
      saved: (tx, after, before) => setNextAlarm(tx, jobs, this.clock, after, before),
    });
    this.clock = scheduleClock(database, {
      name: 'reports.keep-time',
      table: 'analytics_reports',
      all: this.all,
      order: (tx, store, report, dueAt) =>
        runs.orderDue(tx, store, { reportId: report.id }, dueAt, orderOf(report, dueAt)),
    });
  }

  onModuleInit(): void {
    this.jobs.register(this.clock);
  }
}
