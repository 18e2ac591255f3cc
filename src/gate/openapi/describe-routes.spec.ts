import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { RouteDeclaration } from '../../platform/http/index.js';
import type { MountedRoute } from '../route-inventory.js';
import { describeRoutes, UndescribedRoutes } from './describe-routes.js';

const DECLARATION: RouteDeclaration = {
  operation: 'list',
  public: false,
  resource: 'content.things',
  level: 'read',
  selfParameter: null,
  storeScoped: false,
  organizationWide: false,
  operatorOnly: false,
  evenSuspended: false,
  free: false,
  pollable: false,
  bodyLimit: 1,
  rawBody: false,
  multipart: false,
  takesQuery: false,
  loggedParameters: new Set(),
  idempotent: false,
};

const route = (method: string, path: string, operationId: string): MountedRoute => ({
  method,
  path,
  operationId,
  declaration: DECLARATION,
  group: undefined,
});

const document = (paths: OpenAPIObject['paths']): OpenAPIObject => ({
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  tags: [{ name: 'Things' }],
  paths,
});

const operation = () => ({ summary: 'Get a thing', tags: ['Things'], responses: {} });

function problemsOf(given: OpenAPIObject, routes: MountedRoute[]): readonly string[] {
  try {
    describeRoutes(given, routes);
    return [];
  } catch (error) {
    if (error instanceof UndescribedRoutes) return error.problems;
    throw error;
  }
}

describe('describeRoutes', () => {
  it('documents a parameter that nobody has described, before all others', () => {
    const parameters = [{ name: 'limit', in: 'query' as const, schema: { type: 'integer' } }];
    const given = document({ '/things/{id}': { get: { ...operation(), parameters } } });
    describeRoutes(given, [route('GET', '/things/:id', 'getThing')]);
    expect(given.paths['/things/{id}']?.get?.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      ...parameters,
    ]);
  });

  it('refuses a route without an operation, and an operation without a route', () => {
    const given = document({ '/things': { get: operation(), post: operation() } });
    expect(
      problemsOf(given, [route('GET', '/things', 'listThings'), route('GET', '/others', 'listOthers')]),
    ).toEqual(['GET /others has no operation', 'POST /things is no route']);
  });

  it('refuses an operation without a summary, one without a group, and a name for two', () => {
    const given = document({
      '/a': { get: { ...operation(), summary: '' } },
      '/b': { get: { ...operation(), tags: ['Strange'] } },
      '/c': { get: { ...operation(), tags: [] } },
      '/d': { get: operation() },
    });
    const routes = ['a', 'b', 'c', 'd'].map((name) => route('GET', `/${name}`, name === 'd' ? 'a' : name));
    expect(problemsOf(given, routes)).toEqual([
      'a has no summary',
      'b is in no group',
      'c is in no group',
      'a names two operations',
    ]);
  });

  it('leaves the catch-all out', () => {
    expect(problemsOf(document({}), [route('ALL', '/*path', 'answerUnmatched')])).toEqual([]);
  });
});
