import { Module } from '@nestjs/common';
import { Cursors } from '../../platform/http/lists/index.js';
import { ChangeSearch } from './change-search.js';
import { ChangesController } from './changes.controller.js';
import { Histogram } from './histogram.js';
import { KeyLogController } from './key-log.controller.js';
import { RequestSearch } from './request-search.js';
import { RequestsController } from './requests.controller.js';
import { Timeline } from './timeline.js';

/** The logs, searched. */
@Module({
  controllers: [RequestsController, ChangesController, KeyLogController],
  providers: [ChangeSearch, Cursors, Histogram, RequestSearch, Timeline],
  exports: [ChangeSearch, RequestSearch, Timeline],
})
export class SearchModule {}
