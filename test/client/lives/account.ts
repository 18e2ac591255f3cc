import { expect } from '@jest/globals';
import {
  connectSocialAccount,
  deleteSocialAccount,
  disconnectSocialAccount,
  listPostPlatforms,
  listSocialAccounts,
  reconnectSocialAccount,
} from '../../../.test-build/client/index.js';
import { type Access, clientFor, dataOf } from './life.js';

/** A network's account is connected, let go, taken up again, and deleted. */
export async function live(access: Access): Promise<void> {
  const client = clientFor(access);
  const body = { platform: 'instagram', name: '@spring', url: 'https://publisher.example.com/' } as const;
  const { id, secret, status } = dataOf(await connectSocialAccount({ client, body }));
  expect([secret.startsWith('whsec_'), status]).toEqual([true, 'CONNECTED']);
  const path = { id };
  expect((await connectSocialAccount({ client, body })).error?.error.code).toBe('CONFLICT');
  const takesPosts = async () =>
    dataOf(await listPostPlatforms({ client })).data.find(({ platform }) => platform === 'instagram')
      ?.connected;
  expect(await takesPosts()).toBe(true);
  expect(dataOf(await disconnectSocialAccount({ client, path })).status).toBe('DISCONNECTED');
  expect(await takesPosts()).toBe(false);
  expect(dataOf(await reconnectSocialAccount({ client, path })).status).toBe('CONNECTED');
  const listed = dataOf(await listSocialAccounts({ client, query: { status: 'CONNECTED' } }));
  expect(listed.data.map((account) => account.id)).toEqual([id]);
  expect((await deleteSocialAccount({ client, path })).response?.status).toBe(204);
}
