import type { OpenAPIObject } from '@nestjs/swagger';
import { type MountedRoute, RouteInventory } from '../../src/gate/index.js';
import { buildApiDocument, templateOf } from '../../src/gate/openapi/index.js';
import { fromPublicId, newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { type Answer, call, type Call } from '../support/http-client.js';
import type { TestApp } from '../support/test-app.js';

/** Each request seems to come from an address of its own, so that no failure of one is counted against another. */
export const BEHIND_PROXY = { TRUST_PROXY: '1' };

/** Every route of an application, and what is needed to call each of them. */
export interface Walk {
  readonly app: TestApp;
  readonly document: OpenAPIObject;
  /** All but the catch-all. */
  readonly routes: readonly MountedRoute[];
  /** Those behind the gate. */
  readonly gated: readonly MountedRoute[];
}

/** @throws UndescribedRoutes */
export function walkOf(app: TestApp): Walk {
  const inventory = app.get(RouteInventory).list();
  const document = buildApiDocument(app.app, inventory);
  const routes = inventory.filter(({ method }) => method !== 'ALL');
  return { app, document, routes, gated: routes.filter(({ declaration }) => !declaration.public) };
}

export const nameOf = ({ method, path }: MountedRoute): string => `${method} ${path}`;

/** Calls a route; path parameters that are not given get well-formed ids of nothing. */
export function visit(
  { app, document }: Walk,
  route: MountedRoute,
  options: Call & { parameters?: Record<string, string | undefined> } = {},
): Promise<Answer> {
  const path = templateOf(route.path).replace(
    /\{(\w+)\}/g,
    (_, name: string) => options.parameters?.[name] ?? idOfNothing(document, route, name),
  );
  const headers = { 'X-Forwarded-For': strangerAddress(), ...options.headers };
  return call(app.url, path, { ...options, method: route.method, headers });
}

/** An id of the kind that the document asks for. */
function idOfNothing(document: OpenAPIObject, route: MountedRoute, name: string): string {
  const operation =
    document.paths[templateOf(route.path)]?.[route.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete'];
  const parameter = operation?.parameters?.find((one) => 'name' in one && one.name === name);
  const schema = parameter && 'schema' in parameter ? parameter.schema : undefined;
  // A closed list: what is not there is what the path is about, and not this.
  if (schema && 'enum' in schema && schema.enum) return String(schema.enum[0]);
  const prefix = schema && 'pattern' in schema ? /^\^([a-z]+)_/.exec(schema.pattern ?? '')?.[1] : undefined;
  if (prefix === undefined) throw new Error(`${nameOf(route)}: {${name}} is not documented as an id.`);
  return toPublicId('request', newUuid()).replace('req_', `${prefix}_`);
}

let addresses = 0;
function strangerAddress(): string {
  addresses += 1;
  return `10.9.${addresses >> 8}.${addresses & 255}`;
}

export interface LogRow {
  readonly method: string;
  readonly route: string | null;
  readonly status: number;
  readonly errorCode: string | null;
  readonly keyId: string | null;
}

/** What the log says of the request behind an answer. */
export function logRowsOf(app: TestApp, answer: Answer): Promise<LogRow[]> {
  return app.sql<LogRow>(
    `SELECT method, route, status, error_code AS "errorCode", key_id AS "keyId"
     FROM request_log WHERE request_id = $1`,
    [uuidOf(answer)],
  );
}

/** The UUID inside the answer's X-Request-Id. */
export function uuidOf(answer: Answer): string | undefined {
  return fromPublicId('request', answer.headers['x-request-id']);
}

export interface Refusal {
  readonly route: string;
  readonly status: number;
  readonly code: string | undefined;
  /** What is wrong with the form of the answer, or with its row in the log. */
  readonly faults: string[];
}

interface Body {
  error?: { code?: unknown; message?: unknown; requestId?: unknown; details?: unknown };
}

/**
 * What a refusal says, and everything that is wrong with how it is said: one error shape, its request id, and
 * exactly one row of the log that tells the same.
 * @param keyId the public id of the key that was presented and could be told
 */
export async function refusalOf(
  app: TestApp,
  route: MountedRoute,
  answer: Answer,
  keyId?: string,
): Promise<Refusal> {
  const body = JSON.parse(answer.text) as Body;
  const { code, message, requestId, details, ...more } = body.error ?? {};
  const rows = await logRowsOf(app, answer);
  const expected: LogRow = {
    method: route.method,
    route: route.path,
    status: answer.status,
    errorCode: String(code),
    keyId: fromPublicId('key', keyId) ?? null,
  };
  const checks: [string, boolean][] = [
    ['an error alone in the body', Object.keys(body).join() === 'error' && Object.keys(more).length === 0],
    ['a message', typeof message === 'string' && message !== ''],
    ['details that are an object, or none', details === undefined || isObject(details)],
    ['its request id', uuidOf(answer) !== undefined && requestId === answer.headers['x-request-id']],
    ['the media type', answer.headers['content-type'] === 'application/json; charset=utf-8'],
    [
      'the challenge of a 401',
      (answer.status === 401) === (answer.headers['www-authenticate']?.startsWith('Bearer') ?? false),
    ],
    [
      `one row: ${JSON.stringify(expected)}, not ${JSON.stringify(rows)}`,
      rows.length === 1 && isSame(rows[0], expected),
    ],
  ];
  return {
    route: nameOf(route),
    status: answer.status,
    code: typeof code === 'string' ? code : undefined,
    faults: checks.filter(([, holds]) => !holds).map(([what]) => `lacks ${what}`),
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(row: LogRow | undefined, expected: LogRow): boolean {
  return (Object.keys(expected) as (keyof LogRow)[]).every((name) => row?.[name] === expected[name]);
}
