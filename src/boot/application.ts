import type { Server } from 'node:http';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, Request } from 'express';
import { PublicSnippet } from '../analytics/index.js';
import { AppModule, type Foundations } from '../app.module.js';
import { PartitionKeeper, RequestLog } from '../audit/index.js';
import { PublicFeeds, PublicMedia, PublicPages } from '../content/index.js';
import { API_PREFIX } from '../gate/index.js';
import { type MigrationState, migrationState } from '../platform/database/index.js';
import { mountHealth, Readiness } from '../platform/health/index.js';
import { awaitContinue, edge, installHeldResponses } from '../platform/http/index.js';
import { NestLogger } from '../platform/logging/index.js';
import { Metrics } from '../platform/metrics/index.js';
import { mountApiDocument } from './api-document.js';
import { keepIdleConnections } from './connections.js';
import { drainOnClose } from './drain.js';

/**
 * Builds the application on its foundations; it does not listen yet.
 * @param modules further ones, for whoever extends it from outside
 * @throws UndeclaredRoutes where a route declares no scope
 */
export async function createApplication(
  foundations: Foundations,
  modules: readonly Type[] = [],
): Promise<NestExpressApplication> {
  const { config, database, logger } = foundations;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.on(foundations, modules), {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const express = app.getHttpAdapter().getInstance();
  express.disable('x-powered-by');
  express.disable('etag');
  if (config.trustProxy !== undefined) express.set('trust proxy', config.trustProxy);
  installHeldResponses(express.response);

  const log = app.get(RequestLog);
  const readiness = new Readiness(
    [
      { name: 'database', check: async () => void (await database.query('SELECT 1')) },
      { name: 'migrations', check: async () => assertMigrated(await migrationState(database.dataSource)) },
      { name: 'requestLog', check: () => log.probe() },
    ],
    logger,
  );
  mountHealth(express, { ready: () => readiness.report(), metrics: app.get(Metrics) });
  mountApiDocument(app);
  app.get(PublicPages).mount(express);
  app.get(PublicFeeds).mount(express);
  app.get(PublicMedia).mount(express);
  app.get(PublicSnippet).mount(express);
  app.use(
    edge({
      recorder: log,
      trustsProxy: config.trustProxy !== undefined,
      secure: config.publicUrl?.startsWith('https:') ?? false,
    }),
  );
  app.setGlobalPrefix(API_PREFIX);
  awaitBodies(app.getHttpServer(), express);
  keepIdleConnections(app.getHttpServer());
  drainOnClose(app.getHttpServer());

  await app.init();
  await app.get(PartitionKeeper).ensure();
  return app;
}

/**
 * A client that waits for `100 Continue` gets it when its body is wanted, not before it was let in. What else a
 * client may expect (RFC 9110 allows a 417) is passed over, so that the request is answered, and logged, like any.
 */
function awaitBodies(server: Server, express: Express): void {
  server.on('checkContinue', (request, response) => {
    awaitContinue(request);
    express(request as Request, response as never);
  });
  server.on('checkExpectation', (request, response) => {
    express(request as Request, response as never);
  });
}

function assertMigrated({ pending }: MigrationState): void {
  if (pending.length > 0) throw new Error('The database lacks migrations.');
}
