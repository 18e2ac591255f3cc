import { Module } from '@nestjs/common';
import { ListsModule } from '../../platform/http/lists/index.js';
import { AuditViewsController } from './audit-views.controller.js';
import { AuditViews } from './audit-views.service.js';

/** Saved searches. */
@Module({
  imports: [ListsModule],
  controllers: [AuditViewsController],
  providers: [AuditViews],
  exports: [AuditViews],
})
export class ViewsModule {}
