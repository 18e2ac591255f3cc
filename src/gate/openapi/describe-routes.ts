import type { OpenAPIObject } from '@nestjs/swagger';
import { isPolled, type RouteDeclaration } from '../../platform/http/index.js';
import { POLL_HEADER } from '../../platform/http/openapi/index.js';
import type { MountedRoute } from '../route-inventory.js';
import { SECURITY } from './document-base.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']> & {
  'x-gatehouse-scope'?: { resource: string | null; level: string };
};
type Parameter = Exclude<NonNullable<Operation['parameters']>[number], { $ref: string }>;

const SAFE_METHODS = new Set(['get', 'head', 'options']);
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

/** The document and the application do not tell the same of their routes. */
export class UndescribedRoutes extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The API document is not the application's:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'UndescribedRoutes';
  }
}

/**
 * Says of every operation what the inventory knows of its route: its id, who may call it, and every parameter of
 * its path. Changes the document it is given; paths come out in the inventory's order.
 * @throws UndescribedRoutes where a route lacks its operation, or an operation its route, its summary or its group
 */
export function describeRoutes(document: OpenAPIObject, routes: readonly MountedRoute[]): void {
  const problems: string[] = [];
  const tags = new Set(document.tags?.map(({ name }) => name));
  const paths: Record<string, PathItem> = {};
  for (const { method, path, operationId, declaration } of routes) {
    if (method === 'ALL') continue;
    const template = templateOf(path);
    const verb = METHODS.find((known) => known === method.toLowerCase());
    const operation: Operation | undefined = verb && document.paths[template]?.[verb];
    if (!verb || !operation) {
      problems.push(`${method} ${template} has no operation`);
      continue;
    }
    if (!operation.summary) problems.push(`${operationId} has no summary`);
    if (!operation.tags?.length || !operation.tags.every((tag) => tags.has(tag)))
      problems.push(`${operationId} is in no group`);
    operation.operationId = operationId;
    operation.security = securityOf(declaration, SAFE_METHODS.has(verb));
    operation['x-gatehouse-scope'] = { resource: declaration.resource, level: declaration.level };
    const parameters = parametersOf(template, operation);
    if (parameters.length > 0) operation.parameters = parameters;
    else delete operation.parameters;
    if (declaration.public) forgetQuota(operation);
    else if (verb === 'get' && isPolled(declaration)) tellPolling(operation);
    (paths[template] ??= {})[verb] = operation;
  }
  problems.push(...withoutRoute(document, paths), ...sharedIds(routes));
  if (problems.length > 0) throw new UndescribedRoutes(problems);
  document.paths = paths;
}

/** `:id` as OpenAPI writes it: `{id}`. */
export function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function securityOf(route: RouteDeclaration, isSafe: boolean): Record<string, string[]>[] {
  if (route.public) return [];
  const session = { [SECURITY.session]: [], ...(isSafe ? {} : { [SECURITY.csrfToken]: [] }) };
  return route.operatorOnly ? [session] : [{ [SECURITY.key]: [] }, session];
}

/** Those of the path first, each documented, in their order; then the others. */
function parametersOf(template: string, operation: Operation): NonNullable<Operation['parameters']> {
  const given = operation.parameters ?? [];
  const inPath = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']): Parameter => {
    const described = given.find((one): one is Parameter => isInPath(one) && one.name === name);
    return described ?? { name, in: 'path', required: true, schema: { type: 'string' } };
  });
  return [...inPath, ...given.filter((one) => !isInPath(one))];
}

function isInPath(parameter: NonNullable<Operation['parameters']>[number]): parameter is Parameter {
  return 'in' in parameter && parameter.in === 'path';
}

/** Nobody is charged on a public route, and told of no quota with its answer. */
function forgetQuota(operation: Operation): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    if (Number(status) >= 400 || !response || !('headers' in response) || !response.headers) continue;
    for (const name of Object.keys(response.headers)) {
      if (/^(X-)?RateLimit/.test(name)) delete response.headers[name];
    }
  }
}

/** Answers to what may be asked again too soon say how soon is too soon. */
function tellPolling(operation: Operation): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    if (Number(status) >= 400 || !response || '$ref' in response) continue;
    response.headers = { ...response.headers, ...POLL_HEADER };
  }
}

function withoutRoute(document: OpenAPIObject, paths: Record<string, PathItem>): string[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((verb) => item[verb] && !paths[path]?.[verb]).map(
      (verb) => `${verb.toUpperCase()} ${path} is no route`,
    ),
  );
}

function sharedIds(routes: readonly MountedRoute[]): string[] {
  const ids = routes.filter(({ method }) => method !== 'ALL').map(({ operationId }) => operationId);
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map(
    (id) => `${id} names two operations`,
  );
}
