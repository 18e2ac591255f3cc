import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { RunSuperseded } from '../../platform/jobs/index.js';
import type { AnalyticsRun } from '../runs/run.entity.js';
import { RunJobs } from '../runs/run-jobs.js';
import type { DeliveryOrder, Made, RunWork } from '../runs/run-work.js';
import { ReportDelivery } from './report-delivery.js';
import { eventOf } from './report-event-types.js';
import { ReportMaker } from './report-maker.js';
import { Report } from './report.entity.js';

/** How runs of reports are done. */
@Injectable()
export class ReportWork implements RunWork, OnModuleInit {
  readonly kind = 'report';
  readonly eventOf = eventOf;

  constructor(
    private readonly jobs: RunJobs,
    private readonly database: Database,
    private readonly maker: ReportMaker,
    private readonly delivery: ReportDelivery,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  /** @throws RunSuperseded where the report is gone */
  async make(run: AnalyticsRun, store: StoreScope): Promise<Made> {
    const artefacts = await this.maker.make(run, store);
    const report = await this.database.manager.findOneBy(Report, { id: run.reportId ?? '' });
    if (!report) throw new RunSuperseded(`The run ${run.id}`);
    const { webhookUrl, emails } = report;
    const to = [
      ...(webhookUrl === null ? [] : [{ target: 'webhook' as const, to: webhookUrl }]),
      ...emails.map((email) => ({ target: 'email' as const, to: email })),
    ];
    return { artefacts, to };
  }

  deliver(order: DeliveryOrder): Promise<void> {
    return this.delivery.deliver(order);
  }
}
