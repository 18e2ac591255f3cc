import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildApiDocument } from '../../src/gate/openapi/index.js';
import { RouteInventory } from '../../src/gate/index.js';
import { Database } from '../../src/platform/database/index.js';
import { EventCatalogue, Events, eventType, reservedEventType } from '../../src/platform/events/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { call, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

interface TypeView {
  readonly type: string;
  readonly description: string;
  readonly reserved: boolean;
  readonly dataSchema: { type: string; required?: string[]; properties?: Record<string, unknown> };
}

let app: TestApp;
let lenient: TestApp;
let key: TestKey;

beforeAll(async () => {
  app = await startTestApp();
  lenient = await startTestApp({ database: app.database, environment: { EVENT_CHECKS: 'log' } });
  key = await app.createKey({ role: 'read-only' });
});
afterAll(async () => {
  await lenient.close();
  await app.close();
});

const emit = (to: TestApp, type: string, data: Record<string, unknown>) =>
  to
    .get(Database)
    .write({ actor: { type: 'system', id: 'test' } }, (tx) =>
      to.get(Events).emit(tx, { type, organizationId: null, storeId: null, subjectId: 'none', data }),
    );

const typesInLog = async () =>
  (await app.sql<{ type: string }>('SELECT type FROM events WHERE organization_id IS NULL')).map(
    ({ type }) => type,
  );

describe('GET /event-types', () => {
  it('answers every type by its name, with what it tells, to any principal', async () => {
    const { data } = json<{ data: TypeView[] }>(
      await call(app.url, '/api/v1/event-types', { token: key.token }),
    );
    expect(data.map(({ type }) => type)).toEqual(data.map(({ type }) => type).sort());
    expect(data.find(({ type }) => type === 'key.revoked')).toEqual({
      type: 'key.revoked',
      description: 'A key was ended for good.',
      reserved: false,
      dataSchema: {
        type: 'object',
        required: ['id', 'name', 'storeId', 'environment', 'preview', 'reason'],
        properties: expect.objectContaining({
          id: { type: 'string', pattern: '^key_[0-7][0-9a-hjkmnp-tv-z]{25}$' },
          environment: { type: 'string', enum: ['live', 'test'] },
          reason: { type: ['string', 'null'] },
        }) as unknown,
      },
    });
    expect(data.filter(({ reserved }) => reserved).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['comment.received', 'signal.raised', 'hold.released']),
    );
    expect(data.every(({ description }) => description.endsWith('.'))).toBe(true);
  });

  it('are the webhooks of the API document, but for the reserved ones', () => {
    const { webhooks = {} } = buildApiDocument(app.app, app.get(RouteInventory).list());
    const sent = app
      .get(EventCatalogue)
      .list()
      .filter(({ data }) => data !== null);
    expect(Object.keys(webhooks)).toEqual(sent.map(({ type }) => type));
    expect(webhooks['key.expiring']?.post).toMatchObject({ operationId: 'onKeyExpiring' });
  });
});

describe('an event', () => {
  it('of a type that nobody declared, or that is reserved, is not emitted', async () => {
    await expect(emit(app, 'test.happened', {})).rejects.toThrow('test.happened is not declared');
    await expect(emit(lenient, 'comment.received', {})).rejects.toThrow('only reserved');
    expect(await typesInLog()).toEqual([]);
  });

  it('whose data are not as declared fails for developers, and is told of in the log otherwise', async () => {
    await expect(emit(app, 'role.deleted', { id: 'nobody', name: 'A' })).rejects.toThrow('id:');
    await expect(
      emit(app, 'member.locked_out', { until: new Date().toISOString(), more: 1 }),
    ).rejects.toThrow('more');
    await emit(lenient, 'role.deleted', { id: 'nobody', name: 'A' });
    // a Date is read as a text
    await emit(app, 'member.locked_out', { until: new Date() });
    expect(await typesInLog()).toEqual(['role.deleted', 'member.locked_out']);
  });

  it('that the database writes by itself is as declared, too', async () => {
    const busy = await app.createKey({ role: 'read-only' });
    await app.sql('UPDATE organizations SET hour_limit = 5 WHERE id = $1', [
      fromPublicId('organization', busy.organizationId),
    ]);
    for (let count = 0; count < 5; count++) await call(app.url, '/api/v1/plans', { token: busy.token });
    const rows = await app.sql<{ type: string; data: Record<string, unknown> }>(
      `SELECT type, data FROM events WHERE type LIKE 'quota.%' ORDER BY id`,
    );
    expect(rows.map(({ type }) => type)).toEqual(['quota.threshold', 'quota.exceeded']);
    for (const { type, data } of rows) app.get(EventCatalogue).check(type, data);
  });
});

describe('a type of event', () => {
  it('has one declaration, and a name of the form', () => {
    expect(() => app.get(EventCatalogue).register([reservedEventType('key.created', '')])).toThrow('twice');
    for (const name of ['key', 'Key.created', 'key.', 'key.Created', 'key.created.', 'key created']) {
      expect(() => eventType(name, '', {})).toThrow('thing.happened');
    }
  });
});
