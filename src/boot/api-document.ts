import type { NestExpressApplication } from '@nestjs/platform-express';
import { RouteInventory } from '../gate/index.js';
import { buildApiDocument, mountSwaggerUi } from '../gate/openapi/index.js';
import { RoutesController } from '../gate/routes.controller.js';
import { CONFIG, type Config } from '../platform/config/index.js';

/**
 * Serves the API document, as a route of the API, and its reader at `/docs/api`, which is none. To be called
 * before the edge is mounted; the document is made when it is first asked for.
 */
export function mountApiDocument(app: NestExpressApplication): void {
  const inventory = app.get(RouteInventory);
  app.get(RoutesController).describeWith(() => buildApiDocument(app, inventory.list()));
  mountSwaggerUi(app.getHttpAdapter().getInstance(), {
    path: '/docs/api',
    documentUrl: '/api/v1/openapi.json',
    secure: app.get<Config>(CONFIG).publicUrl?.startsWith('https:') ?? false,
  });
}
