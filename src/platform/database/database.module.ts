import { type DynamicModule, Module } from '@nestjs/common';
import type { DatabaseConnection } from './connection.js';
import { Database } from './database.js';

/** Injection token of the process's DatabaseConnection, for those who keep a connection of their own. */
export const DATABASE_CONNECTION = Symbol('DATABASE_CONNECTION');

/** Hands the one Database, already connected, to every module. */
@Module({})
export class DatabaseModule {
  static with(database: Database, connection: DatabaseConnection): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: Database, useValue: database },
        { provide: DATABASE_CONNECTION, useValue: connection },
      ],
      exports: [Database, DATABASE_CONNECTION],
    };
  }
}
