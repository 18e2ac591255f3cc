import { expect } from '@jest/globals';
import {
  deleteCopy,
  generateCopy,
  generateImages,
  getJob,
  listCopy,
  listImageSets,
  listMedia,
  replaceBrand,
} from '../../../.test-build/client/index.js';
import { type Access, clientFor, dataOf } from './life.js';

/** A store says how it wants to be heard, has texts and a picture made, and finds them. */
export async function live(access: Access): Promise<void> {
  const client = clientFor(access);
  const brand = dataOf(await replaceBrand({ client, body: { name: 'Kiln & Leaf', tone: 'warm' } }));
  expect([brand.name, brand.tone]).toEqual(['Kiln & Leaf', 'warm']);

  const jobs = [
    await generateCopy({ client, body: { goal: 'sales', platform: 'twitter', count: 2 } }),
    await generateImages({ client, body: { prompt: 'A blue mug in the morning', size: '1024x1024' } }),
  ];
  for (const job of jobs) {
    const done = dataOf(await getJob({ client, path: { id: dataOf(job).id }, query: { wait: 30 } }));
    expect(done.status).toBe('succeeded');
  }

  const [copy] = dataOf(await listCopy({ client })).data;
  expect(copy?.texts.every((text) => text.length > 0 && text.length <= 280)).toBe(true);
  const [set] = dataOf(await listImageSets({ client })).data;
  const media = dataOf(await listMedia({ client, query: { kind: 'image' } }));
  expect(set?.mediaIds).toEqual(media.data.map(({ id }) => id));
  expect((await deleteCopy({ client, path: { id: copy?.id ?? '' } })).response?.status).toBe(204);
}
