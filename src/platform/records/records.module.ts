import { Module } from '@nestjs/common';
import { ListsModule } from '../http/lists/index.js';
import { StoreRecords } from './store-records.js';

/** For every module whose things belong to a store. */
@Module({ imports: [ListsModule], providers: [StoreRecords], exports: [StoreRecords, ListsModule] })
export class RecordsModule {}
