import { type DynamicModule, Module } from '@nestjs/common';
import { MasterSecrets } from './master-secrets.js';
import { SecretBox } from './secret-box.js';
import { SecretHolders } from './secret-holders.js';

/** Hands the process's MasterSecrets, and what works with them, to every module. */
@Module({})
export class CryptoModule {
  static with(secrets: MasterSecrets): DynamicModule {
    return {
      module: CryptoModule,
      global: true,
      providers: [{ provide: MasterSecrets, useValue: secrets }, SecretBox, SecretHolders],
      exports: [MasterSecrets, SecretBox, SecretHolders],
    };
  }
}
