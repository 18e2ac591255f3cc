import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Database } from '../../src/platform/database/index.js';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { fanOut, type HeardEvent } from '../../src/webhooks/delivery/fan-out.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { type EndpointOptions, makeEndpoint } from './webhook-rows.js';

const STORE = randomUUID();
let app: TestApp;
let key: TestKey;
let organization: string | null;

beforeAll(async () => {
  app = await startTestApp();
  key = await app.createKey();
  organization = fromPublicId('organization', key.organizationId) ?? null;
});
afterAll(() => app.close());

const endpoint = async (types: string[], options: EndpointOptions = {}, of = key) =>
  (await makeEndpoint(app, of, { types, ...options })).id;
const fanned = (events: readonly HeardEvent[]) =>
  app.get(Database).dataSource.transaction((tx) => fanOut(tx, events));

it('makes one delivery for every endpoint that wants the event, however often it is told', async () => {
  const wanting = [
    await endpoint(['*']),
    await endpoint(['key.created', 'campaign.*']),
    await endpoint(['campaign.started']),
    await endpoint(['*'], { stores: [STORE] }),
  ];
  await endpoint(['campaign']);
  await endpoint(['campaign.start']);
  await endpoint(['camp*', 'campaigns.*', 'CAMPAIGN.*', '%']);
  await endpoint([]);
  await endpoint(['*'], { stores: [randomUUID()] });
  await endpoint(['*'], { stores: [] });
  await endpoint(['*'], { enabled: false });
  await endpoint(['*'], {}, await app.createKey());
  const event = {
    id: randomUUID(),
    sequence: 7,
    type: 'campaign.started',
    organizationId: organization,
    storeId: STORE,
    subjectId: 'cmp_1',
  };
  const tell = () => fanned([event]);

  expect((await tell()).sort()).toEqual([...wanting].sort());
  expect(await tell()).toEqual([]);
  const rows = await app.sql(
    'SELECT DISTINCT event_id, subject_id, sequence, status FROM webhook_deliveries',
  );
  expect(rows).toEqual([{ event_id: event.id, subject_id: 'cmp_1', sequence: '7', status: 'pending' }]);
});

it('tells endpoints of chosen stores nothing of what has no store, and nobody of what has no organization', async () => {
  const event = { sequence: 8, type: 'role.created', storeId: null, subjectId: 'rol_1' };
  const all = await endpoint(['role.*']);
  await endpoint(['role.*'], { stores: [STORE] });
  const told = await fanned([
    { ...event, id: randomUUID(), organizationId: organization },
    { ...event, id: randomUUID(), organizationId: null },
  ]);
  expect(told).toContain(all);
  expect(told).toHaveLength(2);
});
