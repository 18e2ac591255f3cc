import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventCatalogue } from '../../platform/events/index.js';
import { StoreContents } from '../../tenants/index.js';
import { DailyReader } from './daily-reader.js';
import { EventReader } from './event-reader.js';
import { ExportConfiguration } from './export-configuration.entity.js';
import { ExportDestination } from './export-destination.js';
import { EXPORT_EVENT_TYPES } from './export-event-types.js';
import { ExportRecords } from './export-records.js';
import { ExportRunsController } from './export-runs.controller.js';
import { ExportWork } from './export-work.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';

/** What exports are to others: what a sandbox loses that is reset, and what is told of them. */
@Injectable()
class ExportContents implements OnModuleInit {
  constructor(
    private readonly contents: StoreContents,
    catalogue: EventCatalogue,
  ) {
    catalogue.register(EXPORT_EVENT_TYPES);
  }

  onModuleInit(): void {
    this.contents.register({
      name: 'exportConfigurations',
      clear: async (tx, storeId) => (await tx.delete(ExportConfiguration, { storeId })).affected ?? 0,
    });
  }
}

/** What the module of analytics has of exports. */
export const EXPORT_CONTROLLERS = [ExportsController, ExportRunsController];
export const EXPORT_PROVIDERS = [
  DailyReader,
  EventReader,
  ExportContents,
  ExportDestination,
  ExportRecords,
  ExportsService,
  ExportWork,
];
