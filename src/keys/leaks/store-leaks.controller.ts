import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Requires, Resource, Store, type StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { ApiErrors, ApiGroup, ApiPage } from '../../platform/http/openapi/index.js';
import { LeakReportResponse, ListLeaksQuery } from './dto.js';
import { LeakReports } from './leak-reports.js';

/** The reports of one store's exposed tokens. */
@ApiGroup('Leaks')
@Controller('stores/:storeId/leaks')
@Resource('settings.keys', { label: 'Keys', highest: 'admin' })
export class StoreLeaksController {
  constructor(private readonly reports: LeakReports) {}

  @Get()
  @Requires('read')
  @ApiOperation({ operationId: 'listLeaks', summary: 'List the reports of a store’s exposed tokens' })
  @ApiPage(LeakReportResponse, 'A page of reports; they outlive their keys.')
  @ApiErrors()
  list(@Store() store: StoreScope, @Query() query: ListLeaksQuery): Promise<Page<LeakReportResponse>> {
    return this.reports.list(query, store.storeId);
  }
}
