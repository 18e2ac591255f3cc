import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { EventCatalogue } from '../../platform/events/index.js';
import { ListsModule } from '../../platform/http/lists/index.js';
import { GrowingStorage, LocalDisk, ObjectStorage } from '../../platform/storage/index.js';
import { AuditModule } from '../audit.module.js';
import { EXPORT_EVENT_TYPES } from './export-event-types.js';
import { ExportJob } from './export-job.js';
import { ExportProgress } from './export-progress.js';
import { ExportSweep } from './export-sweep.js';
import { ExportWriter } from './export-writer.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';
import { LogText } from './log-text.js';
import { OperatorExport } from './operator-export.js';
import { ManifestSigner } from './sign-manifest.js';

/** Exports of the logs. */
@Module({
  imports: [AuditModule, ListsModule],
  controllers: [ExportsController],
  providers: [
    {
      provide: GrowingStorage,
      useFactory: (config: Config) => new LocalDisk(config.auditExportDir),
      inject: [CONFIG],
    },
    { provide: ObjectStorage, useExisting: GrowingStorage },
    ExportJob,
    ExportProgress,
    ExportSweep,
    ExportWriter,
    ExportsService,
    LogText,
    ManifestSigner,
    OperatorExport,
  ],
  exports: [ExportsService, OperatorExport],
})
export class ExportsModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(EXPORT_EVENT_TYPES);
  }
}
