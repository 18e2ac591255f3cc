import { Module } from '@nestjs/common';
import { Cursors } from '../../platform/http/lists/index.js';
import { Checkpoints } from './checkpoints.js';
import { CheckpointsController } from './checkpoints.controller.js';
import { ProofsController } from './proofs.controller.js';
import { Prover } from './prover.js';

/** What somebody outside needs to check the logs: checkpoints, public keys, proofs of single rows. */
@Module({
  controllers: [CheckpointsController, ProofsController],
  providers: [Checkpoints, Cursors, Prover],
  exports: [Checkpoints, Prover],
})
export class ProofsModule {}
