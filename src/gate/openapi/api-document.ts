import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { EventCatalogue } from '../../platform/events/index.js';
import { describeStoreMounts } from '../../platform/http/openapi/index.js';
import type { MountedRoute } from '../route-inventory.js';
import { describeEvents } from './describe-events.js';
import { describeRoutes } from './describe-routes.js';
import { documentBase } from './document-base.js';
import { shareParts } from './share-parts.js';

/**
 * Describes the application as an OpenAPI 3.1 document: what its decorators say, and what its inventory knows.
 * The same code makes the same document, whatever the configuration.
 * @param app with its global prefix set; it need not be initialised
 * @param routes the inventory of that application
 * @throws UndescribedRoutes where the two do not tell the same
 */
export function buildApiDocument(app: INestApplication, routes: readonly MountedRoute[]): OpenAPIObject {
  const created = SwaggerModule.createDocument(app, documentBase(), { autoTagControllers: false });
  // The mounts of one route share their parts, and are to be described apart.
  const document = JSON.parse(JSON.stringify(created)) as OpenAPIObject;
  document.tags = groupsOf(routes);
  describeStoreMounts(document);
  describeRoutes(document, routes);
  shareParts(document);
  const schemas = Object.entries(document.components?.schemas ?? {});
  document.components = {
    ...document.components,
    schemas: Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  const { openapi, info, servers, tags, paths, components } = document;
  const webhooks = describeEvents(app.get(EventCatalogue, { strict: false }).list());
  return { openapi, info, servers, tags, paths, webhooks, components };
}

/** Every group that a controller names, with the description that one of them gives. */
function groupsOf(routes: readonly MountedRoute[]): { name: string; description: string }[] {
  const groups = new Map<string, string>();
  for (const { group } of routes) {
    if (group) groups.set(group.name, group.description ?? groups.get(group.name) ?? '');
  }
  return [...groups]
    .map(([name, description]) => ({ name, description }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The document as text, as it is kept beside the code. */
export function printApiDocument(document: OpenAPIObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
