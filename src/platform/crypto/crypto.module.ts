import { type DynamicModule, Module } from '@nestjs/common';
import { MasterSecrets } from './master-secrets.js';

/** Hands the process's MasterSecrets to every module. */
@Module({})
export class CryptoModule {
  static with(secrets: MasterSecrets): DynamicModule {
    return {
      module: CryptoModule,
      global: true,
      providers: [{ provide: MasterSecrets, useValue: secrets }],
      exports: [MasterSecrets],
    };
  }
}
