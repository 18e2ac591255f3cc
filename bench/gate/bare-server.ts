import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { APP_PIPE, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { createDataSource } from '../../ormconfig.js';
import { CampaignRecords } from '../../src/content/campaigns/campaign-records.js';
import { CampaignsController } from '../../src/content/campaigns/campaigns.controller.js';
import { CampaignsService } from '../../src/content/campaigns/campaigns.service.js';
import { ConfigModule, loadConfig } from '../../src/platform/config/index.js';
import { CryptoModule, MasterSecrets } from '../../src/platform/crypto/index.js';
import { Database, DatabaseModule } from '../../src/platform/database/index.js';
import { EventsModule } from '../../src/platform/events/index.js';
import { InputPipe } from '../../src/platform/http/input/index.js';
import type { RequestContext } from '../../src/platform/http/index.js';
import { JobsModule } from '../../src/platform/jobs/index.js';
import { createLogger, LoggingModule } from '../../src/platform/logging/index.js';
import { MetricsModule } from '../../src/platform/metrics/index.js';
import { RecordsModule } from '../../src/platform/records/index.js';
import { WritesModule } from '../../src/platform/writes/index.js';
import { PingController } from './ping.controller.js';

/** The same handlers with the same queries on bare Nest and Express: no guard, no interceptor, no log. */
async function main(): Promise<void> {
  const config = loadConfig();
  const url = config.databaseUrl ?? '';
  const dataSource = await createDataSource(url, 'pool', config.databasePool).initialize();

  @Module({
    imports: [
      ConfigModule.with(config),
      CryptoModule.with(new MasterSecrets(config.secret ?? '')),
      DatabaseModule.with(new Database(dataSource), { url, ownerUrl: url }),
      LoggingModule.with(createLogger('error')),
      MetricsModule,
      EventsModule,
      JobsModule.with({ enabled: false }),
      WritesModule,
      RecordsModule,
    ],
    controllers: [CampaignsController, PingController],
    providers: [CampaignRecords, CampaignsService, { provide: APP_PIPE, useClass: InputPipe }],
  })
  class BareModule {}

  const app = await NestFactory.create<NestExpressApplication>(BareModule, {
    logger: ['error'],
    bodyParser: false,
  });
  app.setGlobalPrefix('api/v1');
  const storeScope = { storeId: process.env['BENCH_STORE'] ?? '', organizationId: '' };
  app.use((request: Request, _response: Response, next: NextFunction) => {
    // what the handler asks its context for, and nothing more
    request.context = { storeScope } as RequestContext;
    next();
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}/api/v1` });
}

await main();
