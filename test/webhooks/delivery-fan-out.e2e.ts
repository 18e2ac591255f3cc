import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig.js';
import { fanOut } from '../../src/webhooks/delivery/fan-out.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const ORGANIZATION = randomUUID();
const STORE = randomUUID();
let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource(database.ownerUrl, 'pool').initialize();
  // The columns that fanning out knows, until the tables have their migration.
  await database.sql(`
    CREATE TABLE IF NOT EXISTS webhook_endpoints (
      id uuid PRIMARY KEY, organization_id uuid, event_types text[], store_ids uuid[], enabled boolean);
    CREATE TABLE IF NOT EXISTS webhook_deliveries (
      id uuid PRIMARY KEY, endpoint_id uuid, organization_id uuid, event_id uuid, subject_id text, sequence bigint,
      status text, next_attempt_at timestamptz, replay_of uuid, created_at timestamptz);
    CREATE UNIQUE INDEX IF NOT EXISTS one_delivery ON webhook_deliveries (endpoint_id, event_id) WHERE replay_of IS NULL`);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

async function endpoint(
  types: string[],
  {
    stores,
    enabled = true,
    organization = ORGANIZATION,
  }: {
    stores?: string[];
    enabled?: boolean;
    organization?: string;
  } = {},
): Promise<string> {
  const id = randomUUID();
  await database.sql('INSERT INTO webhook_endpoints VALUES ($1, $2, $3, $4, $5)', [
    id,
    organization,
    types,
    stores ?? null,
    enabled,
  ]);
  return id;
}

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
  await endpoint(['*'], { organization: randomUUID() });
  const event = {
    id: randomUUID(),
    sequence: 7,
    type: 'campaign.started',
    organizationId: ORGANIZATION,
    storeId: STORE,
    subjectId: 'cmp_1',
  };
  const tell = () => dataSource.transaction((tx) => fanOut(tx, [event]));

  expect((await tell()).sort()).toEqual([...wanting].sort());
  expect(await tell()).toEqual([]);
  const rows = await database.sql(
    'SELECT DISTINCT event_id, subject_id, sequence, status FROM webhook_deliveries',
  );
  expect(rows).toEqual([{ event_id: event.id, subject_id: 'cmp_1', sequence: '7', status: 'pending' }]);
});

it('tells endpoints of chosen stores nothing of what has no store, and nobody of what has no organization', async () => {
  const event = { sequence: 8, type: 'role.created', storeId: null, subjectId: 'rol_1' };
  const all = await endpoint(['role.*']);
  await endpoint(['role.*'], { stores: [STORE] });
  const told = await dataSource.transaction((tx) =>
    fanOut(tx, [
      { ...event, id: randomUUID(), organizationId: ORGANIZATION },
      { ...event, id: randomUUID(), organizationId: null },
    ]),
  );
  expect(told).toContain(all);
  expect(told).toHaveLength(2);
});
