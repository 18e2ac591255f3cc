import { Module } from '@nestjs/common';
import { LogFollower } from './log-follower.js';
import { TailController } from './tail.controller.js';
import { Tails } from './tails.js';

/** The request log, followed live. */
@Module({ controllers: [TailController], providers: [LogFollower, Tails], exports: [Tails] })
export class TailModule {}
