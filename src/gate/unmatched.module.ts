import { Module } from '@nestjs/common';
import { UnmatchedController } from './unmatched.controller.js';

/** Imported last, so that every other route is tried first. */
@Module({ controllers: [UnmatchedController] })
export class UnmatchedModule {}
