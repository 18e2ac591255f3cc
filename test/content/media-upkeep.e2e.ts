import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MediaSweep } from '../../src/content/media/media-sweep.js';
import { newUuid } from '../../src/platform/ids/index.js';
import { until } from '../faults/until.js';
import { call, json } from '../support/http-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { MediaCalls } from './media-calls.js';
import { picture } from './media-files.js';

const DAY_BEFORE_YESTERDAY = Date.now() - 2 * 86_400_000;

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ runsJobs: true });
});
afterAll(() => app.close());

it('the bytes go after the row', async () => {
  const api = await MediaCalls.withNewStore(app);
  const kept = await api.uploaded(await picture('png'));
  const gone = await api.uploaded(await picture('png'));
  const [keptId, goneId] = [await api.objectIdOf(kept), await api.objectIdOf(gone)];
  expect((await api.call(`/${gone.id}`, { method: 'DELETE' })).status).toBe(204);
  const objectsOf = (id: string) => api.objects().kept.filter((name) => name.startsWith(id));
  await until('the bytes are gone', () => objectsOf(goneId).length === 0);
  expect(objectsOf(keptId)).toHaveLength(3);
});

it('a sandbox that is reset loses its files, and their bytes', async () => {
  const api = await MediaCalls.withNewStore(app, { role: 'admin', sandbox: true });
  const ids = [
    await api.objectIdOf(await api.uploaded(await picture('png'))),
    await api.objectIdOf(await api.uploaded(await picture('jpeg'))),
  ];
  const answer = await call(app.url, `/api/v1/stores/${api.key.storeId}/reset`, {
    method: 'POST',
    token: api.key.token,
  });
  expect([answer.status, json<{ cleared: Record<string, number> }>(answer).cleared]).toEqual([
    200,
    expect.objectContaining({ media: 2 }),
  ]);
  expect((await api.list('')).data).toEqual([]);
  const left = () => api.objects().kept.filter((name) => ids.some((id) => name.startsWith(id)));
  await until('the bytes are gone', () => left().length === 0);
});

it('what no row names is removed when it is a day old, and nothing else', async () => {
  const api = await MediaCalls.withNewStore(app);
  const kept = await api.objectIdOf(await api.uploaded(await picture('png')));
  const { directory } = app.config.media;
  const incoming = join(directory, 'incoming');
  mkdirSync(incoming, { recursive: true });
  const [old, young] = [oldUuid(), newUuid()];
  for (const id of [old, young]) {
    for (const part of ['original', '320', '1024']) writeFileSync(join(directory, `${id}.${part}`), 'x');
    writeFileSync(join(incoming, id), 'x');
  }
  writeFileSync(join(directory, 'of-somebody-else.txt'), 'x');
  // Its row is young, but its bytes are as old as strays are.
  await app.sql('UPDATE media SET object_id = $1 WHERE object_id = $2', [oldUuid(1), kept]);
  writeFileSync(join(directory, `${oldUuid(1)}.original`), 'x');

  expect(await app.get(MediaSweep).sweep()).toBe(4);

  const objects = api.objects();
  expect(objects.incoming).toEqual([young]);
  expect(objects.kept.filter((name) => name.startsWith(old))).toEqual([]);
  expect(objects.kept.filter((name) => name.startsWith(young))).toHaveLength(3);
  expect(objects.kept).toEqual(expect.arrayContaining(['of-somebody-else.txt', `${oldUuid(1)}.original`]));
});

/** A UUIDv7 of two days ago. */
function oldUuid(number = 0): string {
  const time = (DAY_BEFORE_YESTERDAY + number).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
