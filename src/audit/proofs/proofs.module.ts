import { Module } from '@nestjs/common';
import { Cursors } from '../../platform/http/lists/index.js';
import { Checkpoints } from './checkpoints.js';
import { CheckpointsController } from './checkpoints.controller.js';

/** What somebody outside needs to check the logs: checkpoints, public keys, proofs of single rows. */
@Module({
  controllers: [CheckpointsController],
  providers: [Checkpoints, Cursors],
  exports: [Checkpoints],
})
export class ProofsModule {}
