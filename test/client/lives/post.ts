import { expect } from '@jest/globals';
import {
  createPost,
  createPosts,
  deletePost,
  getPost,
  listPosts,
  type Post,
  publishPost,
  updatePost,
} from '../../../.test-build/client/index.js';
import { until } from '../../faults/until.js';
import { type Access, clientFor, dataOf, ifStill } from './life.js';

const PATIENCE_MS = 20_000;

/** A draft is written, changed by its version, scheduled and published, found, read by everybody, and deleted. */
export async function live(access: Access): Promise<void> {
  const client = clientFor(access);
  const draft = await createPost({
    client,
    body: { caption: 'Twenty percent off.', title: 'Spring', platforms: ['feed'], tags: ['spring'] },
    headers: { 'Idempotency-Key': 'the-post-of-spring' },
  });
  const { id, status } = dataOf(draft);
  expect(status).toBe('DRAFT');

  const read = await getPost({ client, path: { id } });
  const changed = await updatePost({
    client,
    path: { id },
    body: { caption: 'Thirty percent off.' },
    headers: ifStill(read),
  });
  expect(dataOf(changed).caption).toBe('Thirty percent off.');
  const late = await updatePost({ client, path: { id }, body: { title: 'Late' }, headers: ifStill(read) });
  expect(late.response?.status).toBe(412);
  expect(late.error?.error.code).toBe('PRECONDITION_FAILED');

  const scheduledFor = new Date(Date.now() + 86_400_000).toISOString();
  const scheduled = await updatePost({
    client,
    path: { id },
    body: { status: 'SCHEDULED', scheduledFor },
    headers: ifStill(changed),
  });
  expect(dataOf(scheduled)).toMatchObject({ status: 'SCHEDULED', scheduledFor });

  expect(dataOf(await publishPost({ client, path: { id } })).publications).toMatchObject([
    { platform: 'feed' },
  ]);
  const now = async (): Promise<Post> => dataOf(await getPost({ client, path: { id } }));
  await until('the post is published', async () => (await now()).status === 'PUBLISHED', PATIENCE_MS);
  expect((await now()).publications.map((publication) => publication.status)).toEqual(['PUBLISHED']);

  await isFound(access, id);
  await isInTheFeeds(access, 'Thirty percent off.');

  expect((await deletePost({ client, path: { id } })).response?.status).toBe(204);
  const gone = await getPost({ client, path: { id } });
  expect([gone.data, gone.error?.error.code]).toEqual([undefined, 'NOT_FOUND']);
}

/** Beside others: by its status, platform and words, and in an order. */
async function isFound(access: Access, id: string): Promise<void> {
  const client = clientFor(access);
  const batch = dataOf(
    await createPosts({
      client,
      body: { items: ['a', 'b'].map((title) => ({ caption: 'Words.', title, platforms: ['instagram'] })) },
    }),
  );
  expect([batch.succeeded, batch.failed]).toEqual([2, 0]);
  const published = dataOf(await listPosts({ client, query: { status: 'PUBLISHED', platform: 'feed' } }));
  expect(published.data.map((post) => post.id)).toEqual([id]);
  expect(published.pagination.totalCount).toBe(1);
  const ordered = dataOf(await listPosts({ client, query: { sortBy: 'title', sortOrder: 'desc' } }));
  expect(ordered.data.map(({ title }) => title)).toEqual(['b', 'a', 'Spring']);
  expect(dataOf(await listPosts({ client, query: { q: 'thirty' } })).data[0]?.id).toBe(id);
  const refused = await listPosts({ client, query: { limit: 101 } });
  expect(refused.error?.error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'limit' } });
}

async function isInTheFeeds({ origin, storeId }: Access, caption: string): Promise<void> {
  for (const file of ['feed.json', 'feed.rss']) {
    const feed = await fetch(`${origin}/feeds/${storeId}/${file}`);
    expect([file, feed.status]).toEqual([file, 200]);
    expect(await feed.text()).toContain(caption);
  }
}
