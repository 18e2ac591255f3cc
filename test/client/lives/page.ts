import { expect } from '@jest/globals';
import {
  createLandingPage,
  type LandingPageBody,
  listLandingPageVersions,
  publishLandingPage,
  restoreLandingPage,
  unpublishLandingPage,
  updateLandingPage,
} from '../../../.test-build/client/index.js';
import { type Access, clientFor, dataOf } from './life.js';

const PAGE: LandingPageBody = {
  slug: 'spring-by-client',
  title: 'Spring',
  blocks: [
    { type: 'heading', text: 'Twenty percent off' },
    { type: 'button', text: 'To the shop', url: 'https://shop.example.com/' },
  ],
};

/** A page is published, seen by everybody, changed, brought back, and taken away. */
export async function live(access: Access): Promise<void> {
  const client = clientFor(access);
  const { id, slug } = dataOf(await createLandingPage({ client, body: PAGE }));
  const path = { id };
  const seen = async () => (await fetch(`${access.origin}/p/${slug}`)).text();
  dataOf(await publishLandingPage({ client, path }));
  expect(await seen()).toContain('Twenty percent off');
  const blocks: LandingPageBody['blocks'] = [{ type: 'heading', text: 'Thirty percent off' }];
  dataOf(await updateLandingPage({ client, path, body: { blocks } }));
  expect(await seen()).toContain('Twenty percent off');
  dataOf(await publishLandingPage({ client, path }));
  expect(await seen()).toContain('Thirty percent off');
  const versions = dataOf(await listLandingPageVersions({ client, path })).data;
  expect(versions.map(({ number }) => number)).toEqual([2, 1]);
  expect(dataOf(await restoreLandingPage({ client, path, body: { version: 1 } })).blocks).toMatchObject(
    PAGE.blocks,
  );
  dataOf(await unpublishLandingPage({ client, path }));
  expect((await fetch(`${access.origin}/p/${slug}`)).status).toBe(404);
}
