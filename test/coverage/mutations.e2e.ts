import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MountedRoute } from '../../src/gate/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { People } from '../members/people.js';
import { type Answer, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { RECIPES, SHOWN_WITH_MEMBERS, WITHOUT_CHANGE_ROW } from './mutation-recipes.js';
import type { Made } from './recipe.js';
import { logRowsOf, uuidOf, visit, type Walk, walkOf } from './walk.js';

let app: TestApp;
let walk: Walk;
let operator: Record<string, string>;
let people: People;

beforeAll(async () => {
  app = await startTestApp();
  walk = walkOf(app);
  people = new People(app);
  const { cookie, csrfToken } = await app.signIn();
  operator = { Cookie: cookie, 'X-CSRF-Token': csrfToken };
});
afterAll(() => app.close());

function routeOf(operationId: string): MountedRoute {
  const route = walk.routes.find((one) => one.operationId === operationId);
  if (!route) throw new Error(`There is no operation ${operationId}.`);
  return route;
}

/** Calls an operation with its recipe's body: by the key, or, where operators alone may, by the operator. */
function perform(
  operationId: string,
  key: TestKey,
  parameters: Record<string, string>,
  body?: object,
): Promise<Answer> {
  const route = routeOf(operationId);
  const caller = route.declaration.operatorOnly
    ? { headers: operator }
    : { token: key.token, headers: RECIPES[operationId]?.headers };
  return visit(walk, route, { ...caller, parameters, body });
}

interface Change {
  readonly what: string;
  readonly actorType: string;
  readonly actorId: string;
}

it('knows every operation that may change something', () => {
  const operations = walk.routes
    .filter(({ method }) => method !== 'GET')
    .map(({ operationId }) => operationId);
  expect([...Object.keys(RECIPES), ...WITHOUT_CHANGE_ROW, ...SHOWN_WITH_MEMBERS].sort()).toEqual(
    operations.sort(),
  );
});

describe('a change leaves its rows in the change log, under its request and its actor,', () => {
  it.each(Object.entries(RECIPES))('by %s', async (operationId, recipe) => {
    const key = await app.createKey({ role: 'admin', sandbox: recipe.sandbox });
    const made: Made = {
      organizationId: key.organizationId,
      storeId: key.storeId,
      answer: async (create, parameters) => {
        const { status, body } = RECIPES[create] ?? {};
        const answer = await perform(create, key, parameters, body);
        expect([create, answer.status]).toEqual([create, status]);
        return json(answer);
      },
      create: async (create, parameters) => String((await made.answer(create, parameters))['id']),
      list: async (list, parameters) =>
        json<{ data: Record<string, unknown>[] }>(await perform(list, key, parameters)),
      sql: (text, values) => app.sql(text, [...values]),
      member: async () => (await people.add({ organizationId: key.organizationId, hasPassword: false })).id,
    };
    const parameters = { storeId: key.storeId, ...(await recipe.parameters?.(made)) };
    const body = (await recipe.bodyOf?.(made)) ?? recipe.body;
    const answer = await perform(operationId, key, parameters, body);
    expect([answer.status, answer.text]).toEqual([recipe.status, expect.any(String)]);

    const changes = await app.sql<Change>(
      `SELECT DISTINCT entity || ' ' || action AS what, actor_type AS "actorType", actor_id AS "actorId"
       FROM change_log WHERE request_id = $1 ORDER BY what`,
      [uuidOf(answer)],
    );
    expect(changes.map(({ what }) => what)).toEqual(recipe.changes);
    const byOperator = routeOf(operationId).declaration.operatorOnly;
    for (const { actorType, actorId } of changes) {
      expect(actorType).toBe(recipe.system ? 'system' : byOperator ? 'member' : 'key');
      if (recipe.system) expect(actorId).toBe(recipe.system);
      else if (!byOperator) expect(actorId).toBe(fromPublicId('key', key.id));
    }
    expect(await logRowsOf(app, answer)).toMatchObject([{ status: recipe.status, errorCode: null }]);
  });
});

describe('what is refused', () => {
  it('changes nothing and leaves no row in the change log', async () => {
    const key = await app.createKey({ role: 'read-only' });
    const before = await app.sql('SELECT count(*) FROM change_log');
    for (const [operationId, { body }] of Object.entries(RECIPES)) {
      const { declaration } = routeOf(operationId);
      if (declaration.operatorOnly || declaration.public) continue;
      const answer = await perform(operationId, key, { storeId: key.storeId }, body);
      expect([operationId, answer.status]).toEqual([operationId, 403]);
    }
    expect(await app.sql('SELECT count(*) FROM change_log')).toEqual(before);
  });
});
