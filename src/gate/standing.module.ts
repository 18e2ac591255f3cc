import { Global, Module } from '@nestjs/common';
import { Standing } from '../audit/index.js';
import { KeysModule } from '../keys/index.js';
import { MembersModule } from '../members/index.js';
import { StandingOfRequest } from './standing-of-request.js';

/** Global, because the logs stand below the gate and cannot import it. */
@Global()
@Module({
  imports: [KeysModule, MembersModule],
  providers: [{ provide: Standing, useClass: StandingOfRequest }],
  exports: [Standing],
})
export class StandingModule {}
