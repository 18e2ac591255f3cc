import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ObjectMissing, type ObjectStorage, openStorage } from '../../src/platform/storage/index.js';
import { S3StandIn } from '../support/s3-stand-in.js';

let directory: string;
let bucket: S3StandIn;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-storage-'));
  bucket = await S3StandIn.start();
});
afterAll(async () => {
  await bucket.close();
  await rm(directory, { recursive: true });
});

const LARGE = Buffer.alloc(3_000_000, 'storage');
const inPieces = (bytes: Buffer, piece = 60_000): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.byteLength / piece) }, (_, i) =>
      bytes.subarray(i * piece, (i + 1) * piece),
    ),
  );
async function namesOf(storage: ObjectStorage): Promise<string[]> {
  const names: string[] = [];
  for await (const name of storage.list()) names.push(name);
  return names.sort();
}

describe.each<[string, () => Promise<ObjectStorage>]>([
  ['a directory', () => openStorage(undefined, join(directory, 'objects'))],
  ['a bucket', () => openStorage(bucket.config, directory)],
])('%s', (_, open) => {
  let storage: ObjectStorage;
  beforeAll(async () => {
    storage = await open();
  });

  it('has nothing at first', async () => {
    expect(await namesOf(storage)).toEqual([]);
    expect(await storage.size('a.original')).toBeUndefined();
    await expect(storage.read('a.original')).rejects.toThrow(ObjectMissing);
    await storage.remove('a.original');
  });

  it('keeps bytes, and those that come bit by bit', async () => {
    await storage.put('a.original', { bytes: Buffer.from('0123456789'), size: 10 });
    await storage.put('b.original', { bytes: inPieces(LARGE), size: LARGE.byteLength });
    await storage.put('c.original', { bytes: Readable.from([]), size: 0 });
    expect(await storage.size('b.original')).toBe(LARGE.byteLength);
    expect((await buffer(await storage.read('b.original'))).equals(LARGE)).toBe(true);
    expect([await storage.size('c.original'), await buffer(await storage.read('c.original'))]).toEqual([
      0,
      Buffer.alloc(0),
    ]);
    expect(await namesOf(storage)).toEqual(['a.original', 'b.original', 'c.original']);
  });

  it('reads a part of them, both ends included', async () => {
    const part = await storage.read('a.original', { first: 2, last: 4 });
    expect((await buffer(part)).toString()).toBe('234');
  });

  it.each<[string, () => Readable]>([
    ['more bytes than were announced', () => inPieces(LARGE.subarray(0, 200_001))],
    ['more bytes, in one piece', () => inPieces(LARGE.subarray(0, 200_001), 300_000)],
    ['fewer bytes', () => inPieces(LARGE.subarray(0, 199_999))],
  ])('has no object of %s', async (_, make) => {
    await expect(storage.put('d.original', { bytes: make(), size: 200_000 })).rejects.toThrow(
      /of 200000 bytes has come as/,
    );
    expect(await namesOf(storage)).not.toContain('d.original');
  });

  it('has no object of bytes that broke off, and says why they did', async () => {
    const bytes = Readable.from(
      (async function* () {
        yield LARGE.subarray(0, 100_000);
        await Promise.resolve();
        throw new Error('the disk is gone');
      })(),
    );
    await expect(storage.put('d.original', { bytes, size: 200_000 })).rejects.toThrow('the disk is gone');
    expect(await namesOf(storage)).not.toContain('d.original');
  });

  it('removes', async () => {
    await storage.remove('a.original');
    expect(await storage.size('a.original')).toBeUndefined();
    expect(await namesOf(storage)).toEqual(['b.original', 'c.original']);
  });

  it('takes no name that leads elsewhere', async () => {
    for (const name of ['../a', 'a/b', '.a', '', 'a b', 'a\u0000']) {
      await expect(storage.put(name, { bytes: Buffer.from('x'), size: 1 })).rejects.toThrow('name');
      await expect(storage.read(name)).rejects.toThrow('name');
    }
  });
});

describe('a bucket', () => {
  it('keeps its objects under the prefix, and every request was signed as it must be', () => {
    expect([...bucket.objects.keys()].sort()).toEqual(['media/b.original', 'media/c.original']);
    expect(bucket.refused).toBe(0);
  });

  it('with another secret keeps nothing', async () => {
    const storage = await openStorage({ ...bucket.config, secretAccessKey: 'guessed' }, directory);
    await expect(storage.put('e.original', { bytes: Buffer.from('x'), size: 1 })).rejects.toThrow();
    expect(bucket.objects.has('media/e.original')).toBe(false);
    expect(bucket.refused).toBeGreaterThan(0);
  });
});
