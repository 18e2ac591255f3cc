import { Module } from '@nestjs/common';
import { Cursors } from '../../platform/http/lists/index.js';
import { RequestSearch } from './request-search.js';
import { RequestsController } from './requests.controller.js';

/** The logs, searched. */
@Module({ controllers: [RequestsController], providers: [Cursors, RequestSearch], exports: [RequestSearch] })
export class SearchModule {}
