import { Global, Module } from '@nestjs/common';
import { KeyOwners } from '../keys/index.js';
import { MemberKeyOwners } from './key-owners.js';

/** Global, because the keys stand below the members and cannot import them. */
@Global()
@Module({ providers: [{ provide: KeyOwners, useClass: MemberKeyOwners }], exports: [KeyOwners] })
export class KeyOwnersModule {}
