import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventCatalogue } from '../../platform/events/index.js';
import { StoreContents } from '../../tenants/index.js';
import { REPORT_EVENT_TYPES } from './report-event-types.js';
import { MailAllowance } from './mail-allowance.js';
import { ReportDelivery } from './report-delivery.js';
import { ReportMaker } from './report-maker.js';
import { ReportRecords } from './report-records.js';
import { ReportRunsController } from './report-runs.controller.js';
import { ReportWork } from './report-work.js';
import { Report } from './report.entity.js';
import { ReportsController } from './reports.controller.js';
import { ReportsService } from './reports.service.js';

/** What reports are to others: what a sandbox loses that is reset, and what is told of them. */
@Injectable()
class ReportContents implements OnModuleInit {
  constructor(
    private readonly contents: StoreContents,
    catalogue: EventCatalogue,
  ) {
    catalogue.register(REPORT_EVENT_TYPES);
  }

  onModuleInit(): void {
    this.contents.register({
      name: 'reports',
      clear: async (tx, storeId) => (await tx.delete(Report, { storeId })).affected ?? 0,
    });
  }
}

/** What the module of analytics has of reports. */
export const REPORT_CONTROLLERS = [ReportsController, ReportRunsController];
export const REPORT_PROVIDERS = [
  MailAllowance,
  ReportContents,
  ReportDelivery,
  ReportMaker,
  ReportRecords,
  ReportsService,
  ReportWork,
];
