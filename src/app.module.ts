import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AnalyticsModule } from './analytics/index.js';
import { AUDIT_MODULES } from './audit/index.js';
import { ComplianceModule } from './compliance/index.js';
import { ContentModule, MediaModule } from './content/index.js';
import { EventLogModule } from './events/index.js';
import {
  AuthGuard,
  BodyGuard,
  GateModule,
  LogGuard,
  PermissionGuard,
  QuotaGuard,
  RefusalFilter,
  UnmatchedModule,
} from './gate/index.js';
import { StoreJobsModule } from './jobs/index.js';
import { KeysModule } from './keys/index.js';
import { MembersModule } from './members/index.js';
import { PlansModule } from './plans/index.js';
import { type Config, ConfigModule } from './platform/config/index.js';
import { CryptoModule, type MasterSecrets } from './platform/crypto/index.js';
import { type Database, type DatabaseConnection, DatabaseModule } from './platform/database/index.js';
import { EventsModule } from './platform/events/index.js';
import { InputPipe } from './platform/http/input/index.js';
import { JobsModule } from './platform/jobs/index.js';
import { type Logger, LoggingModule } from './platform/logging/index.js';
import { MailModule } from './platform/mail/index.js';
import { MetricsModule } from './platform/metrics/index.js';
import { WritesModule } from './platform/writes/index.js';
import { RolesModule } from './roles/index.js';
import { TenantsModule } from './tenants/index.js';
import { WebhooksModule } from './webhooks/index.js';

/** What the process has made before the application exists. */
export interface Foundations {
  readonly config: Config;
  readonly database: Database;
  readonly connection: DatabaseConnection;
  readonly secrets: MasterSecrets;
  readonly logger: Logger;
  /** Whether this process runs jobs. */
  readonly runsJobs: boolean;
}

/** The composition root: the list of modules, and the gate in its order. */
@Module({})
export class AppModule {
  static on(
    { config, database, connection, secrets, logger, runsJobs }: Foundations,
    modules: readonly Type[] = [],
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        CryptoModule.with(secrets),
        DatabaseModule.with(database, connection),
        LoggingModule.with(logger),
        MailModule,
        MetricsModule,
        EventsModule,
        JobsModule.with({ enabled: runsJobs }),
        WritesModule,

        ...AUDIT_MODULES,
        TenantsModule,
        RolesModule,
        PlansModule,
        KeysModule,
        MembersModule,
        ComplianceModule,
        StoreJobsModule,
        ContentModule,
        MediaModule,
        AnalyticsModule,
        EventLogModule,
        WebhooksModule,
        ...modules,

        GateModule,
        UnmatchedModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_GUARD, useClass: PermissionGuard },
        { provide: APP_GUARD, useClass: QuotaGuard },
        { provide: APP_GUARD, useClass: BodyGuard },
        { provide: APP_GUARD, useClass: LogGuard },
        { provide: APP_PIPE, useClass: InputPipe },
        { provide: APP_FILTER, useClass: RefusalFilter },
      ],
    };
  }
}
