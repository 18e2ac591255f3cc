import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { printApiDocument, templateOf } from '../../src/gate/openapi/index.js';
import { call } from '../support/http-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { logRowsOf, type Walk, walkOf } from './walk.js';

const DOCUMENT = '/api/v1/openapi.json';

let app: TestApp;
let walk: Walk;
let document: OpenAPIObject;

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    schema: { type?: string; pattern?: string; enum?: string[] };
  }[];
  'x-gatehouse-scope': { resource: string | null; level: string };
}

beforeAll(async () => {
  app = await startTestApp();
  walk = walkOf(app);
  document = JSON.parse((await call(app.url, DOCUMENT)).text) as OpenAPIObject;
});
afterAll(() => app.close());

/** Every operation of the document under the method and path that it describes. */
function operations(): Map<string, Operation> {
  return new Map(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    ),
  );
}

describe('the API document', () => {
  it('is an OpenAPI 3.1 document, for everybody, and its request has a row in the log', async () => {
    const answer = await call(app.url, DOCUMENT);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.license?.name).toBe('Apache-2.0');
    expect(document.servers).toMatchObject([{ url: '/' }]);
    expect(await logRowsOf(app, answer)).toEqual([
      { method: 'GET', route: DOCUMENT, status: 200, errorCode: null, keyId: null },
    ]);
  });

  it('is the one that is kept beside the code', () => {
    const kept = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
    expect(printApiDocument(document) === kept || 'stale: npm run openapi').toBe(true);
  });

  it('is not sent again to whoever has it', async () => {
    const { headers } = await call(app.url, DOCUMENT);
    const again = await call(app.url, DOCUMENT, { headers: { 'If-None-Match': headers.etag ?? '' } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('describes the routes of the inventory, all of them and no others', () => {
    const described = [...operations()].map(([route, { operationId }]) => [route, operationId]);
    const mounted = walk.routes.map(({ method, path, operationId }) => [
      `${method} ${templateOf(path)}`,
      operationId,
    ]);
    expect(described.sort()).toEqual(mounted.sort());
    expect(new Set(described.map(([, operationId]) => operationId)).size).toBe(described.length);
  });

  it('says of each operation what it needs: its scope, and how to say who one is', () => {
    const described = operations();
    for (const { method, path, declaration } of walk.routes) {
      const operation = described.get(`${method} ${templateOf(path)}`);
      const { resource, level } = declaration;
      const session = method === 'GET' ? { session: [] } : { session: [], csrfToken: [] };
      const both = declaration.operatorOnly ? [session] : [{ key: [] }, session];
      expect([path, operation?.security]).toEqual([path, declaration.public ? [] : both]);
      expect([path, operation?.['x-gatehouse-scope']]).toEqual([path, { resource, level }]);
    }
    expect(Object.keys(document.components?.securitySchemes ?? {}).sort()).toEqual([
      'csrfToken',
      'key',
      'session',
    ]);
  });

  it('documents every parameter of a path, as an id of its kind or one of a closed list', () => {
    for (const [route, { parameters = [] }] of operations()) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect([route, inPath.map(({ name }) => name)]).toEqual([
        route,
        [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      ]);
      for (const { required, schema } of inPath) {
        expect(required).toBe(true);
        expect(schema.enum?.join() ?? schema.pattern).toMatch(/^(\^[a-z]{3}_\[0-7\]|[a-z]+(,[a-z]+)*$)/);
      }
    }
  });

  it('knows every tag that it uses, and uses every tag that it knows', () => {
    const used = [...operations().values()].flatMap(({ tags }) => tags);
    expect([...new Set(used)].sort()).toEqual(document.tags?.map(({ name }) => name).sort());
    for (const { description } of document.tags ?? []) expect(description).toMatch(/\.$/);
  });

  it('says in the words of 3.1 what may be null', () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain('"nullable"');
    expect(document.components?.schemas?.['Pagination']).toMatchObject({
      properties: { nextCursor: { type: ['string', 'null'] } },
    });
    expect(document.components?.schemas?.['MeResponse']).toMatchObject({
      properties: { store: { anyOf: [{ $ref: expect.any(String) }, { type: 'null' }] } },
    });
  });

  it('points nowhere that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(references.length).toBeGreaterThan(100);
    for (const path of new Set(references)) {
      const target = path
        .split('/')
        .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], document);
      expect([path, typeof target]).toEqual([path, 'object']);
    }
  });
});

describe('its reader', () => {
  it('is served from here, without inline scripts, under a strict policy', async () => {
    const page = await call(app.url, '/docs/api');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    const policy = page.headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.text).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|<style|style=/);

    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files).toHaveLength(6);
    for (const file of files) {
      const asset = await call(app.url, file);
      expect([file, asset.status]).toEqual([file, 200]);
      expect(asset.headers['content-security-policy']).toBe(policy);
      expect(asset.text.length).toBeGreaterThan(100);
    }
    const start = await call(app.url, '/docs/api/start.js');
    expect(start.headers['content-type']).toContain('text/javascript');
    expect(start.text).toContain(JSON.stringify(DOCUMENT));
  });

  it('is no API request: nothing of it is in the log', async () => {
    const count = () => app.sql('SELECT count(*) FROM request_log');
    const before = await count();
    for (const path of ['/docs/api', '/docs/api/', '/docs/api/start.js', '/docs/api/swagger-ui.css']) {
      const answer = await call(app.url, path);
      expect(answer.status).toBe(200);
      expect(answer.headers['x-request-id']).toBeUndefined();
    }
    expect((await call(app.url, '/docs/api', { method: 'HEAD' })).status).toBe(200);
    expect(await count()).toEqual(before);
  });
});
