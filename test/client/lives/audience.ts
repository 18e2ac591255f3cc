import { expect } from '@jest/globals';
import {
  addAudienceMembers,
  createAudience,
  estimateAudience,
  getAudienceSize,
  listAudienceMembers,
  updateAudience,
} from '../../../.test-build/client/index.js';
import { type Access, clientFor, dataOf } from './life.js';

/** Customers are listed in an audience, and fit into another by its rules. */
export async function live(access: Access): Promise<void> {
  const client = clientFor(access);
  const listed = dataOf(await createAudience({ client, body: { name: 'Newsletter' } }));
  const members = [
    { reference: 'c-1', attributes: { city: 'Berlin', orders: 4 } },
    { reference: 'c-2', attributes: { city: 'Bern', orders: 1 } },
  ];
  dataOf(await addAudienceMembers({ client, path: { id: listed.id }, body: { members } }));

  const rules = {
    match: 'all' as const,
    conditions: [
      { attribute: 'city', operator: 'eq' as const, value: 'Berlin' },
      { attribute: 'orders', operator: 'gte' as const, value: 3 },
    ],
  };
  expect(dataOf(await estimateAudience({ client, body: { rules } }))).toMatchObject({ size: 1, exact: true });
  const ruled = dataOf(await createAudience({ client, body: { name: 'Regulars', rules } }));
  const path = { id: ruled.id };
  const found = dataOf(await listAudienceMembers({ client, path }));
  expect(found.data.map(({ reference }) => reference)).toEqual(['c-1']);
  const wider = { ...rules, match: 'any' as const };
  dataOf(await updateAudience({ client, path, body: { rules: wider } }));
  expect(dataOf(await getAudienceSize({ client, path })).size).toBe(1);
}
