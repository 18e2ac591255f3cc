import { Global, Injectable, Module } from '@nestjs/common';
import { type Hold, RetentionHold } from '../../src/audit/index.js';

/** Holds as a test sets them. */
@Injectable()
export class StandInHolds extends RetentionHold {
  readonly inForce = new Set<Hold>();

  override of(): Promise<Hold[]> {
    return Promise.resolve([...this.inForce]);
  }
}

/** Global, as the feature that has holds has to bind it: the logs stand below it. */
@Global()
@Module({
  providers: [StandInHolds, { provide: RetentionHold, useExisting: StandInHolds }],
  exports: [RetentionHold, StandInHolds],
})
export class StandInHoldsModule {}
