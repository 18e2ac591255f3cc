import { expect } from '@jest/globals';
import {
  deleteMedia,
  downloadMedia,
  getMediaThumbnail,
  listMedia,
  updateMedia,
  uploadMedia,
} from '../../../.test-build/client/index.js';
import { picture } from '../../content/media-files.js';
import { type Access, clientFor, dataOf } from './life.js';

/** A picture is uploaded, found, downloaded as it was, and deleted. */
export async function live(access: Access): Promise<void> {
  const client = clientFor(access);
  const png = new Uint8Array(await picture('png'));
  const file = new File([png], 'field.png', { type: 'image/png' });
  const { id, name, type } = dataOf(await uploadMedia({ client, body: { file, alt: 'A green field.' } }));
  expect([name, type]).toEqual(['field.png', 'image/png']);
  const path = { id };
  expect(dataOf(await updateMedia({ client, path, body: { alt: 'A field.' } })).alt).toBe('A field.');
  expect(dataOf(await listMedia({ client, query: { type: 'image/png' } })).data[0]?.id).toBe(id);

  const downloaded = dataOf(await downloadMedia({ client, path }));
  expect(new Uint8Array(await downloaded.arrayBuffer())).toEqual(png);
  const thumbnail = dataOf(await getMediaThumbnail({ client, path, query: { size: 320 } }));
  expect(thumbnail.type).toBe('image/webp');

  expect((await deleteMedia({ client, path })).response?.status).toBe(204);
}
