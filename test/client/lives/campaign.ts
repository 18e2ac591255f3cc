import { expect } from '@jest/globals';
import {
  type Campaign,
  createCampaign,
  deleteCampaign,
  getCampaign,
  updateCampaign,
} from '../../../.test-build/client/index.js';
import { type Access, clientFor, dataOf, ifStill } from './life.js';

/** A campaign goes through its life; a step that there is not is refused, with those that there are. */
export async function live(access: Access): Promise<void> {
  const client = clientFor(access);
  const startDate = new Date(Date.now() + 86_400_000).toISOString();
  const made = dataOf(
    await createCampaign({ client, body: { name: 'Spring', platform: 'email', startDate } }),
  );
  const path = { id: made.id };
  expect(made.status).toBe('DRAFT');

  const steps: Campaign['status'][] = ['SCHEDULED', 'ACTIVE', 'PAUSED', 'ACTIVE', 'COMPLETED', 'ARCHIVED'];
  for (const status of steps) {
    const headers = ifStill(await getCampaign({ client, path }));
    expect(dataOf(await updateCampaign({ client, path, body: { status }, headers })).status).toBe(status);
  }

  const back = await updateCampaign({ client, path, body: { status: 'ACTIVE' } });
  expect(back.response?.status).toBe(409);
  expect(back.error?.error).toMatchObject({
    code: 'CONFLICT',
    details: { from: 'ARCHIVED', to: 'ACTIVE', allowed: [] },
  });

  expect((await deleteCampaign({ client, path })).response?.status).toBe(204);
  expect((await getCampaign({ client, path })).response?.status).toBe(404);
}
