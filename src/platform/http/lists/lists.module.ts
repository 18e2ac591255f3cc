import { Module } from '@nestjs/common';
import { Cursors } from './cursors.js';
import { Lists } from './lists.js';

/** For every module that answers lists. */
@Module({ providers: [Cursors, Lists], exports: [Lists] })
export class ListsModule {}
